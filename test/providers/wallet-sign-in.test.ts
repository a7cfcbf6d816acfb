import { secp256k1 } from '@noble/curves/secp256k1.js';
import { type Hex, recoverMessageAddress, verifyMessage } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { parseSiweMessage, validateSiweMessage } from 'viem/siwe';
import { describe, expect, it } from 'vitest';
import type { RoundTrip } from '../../src/adapters/providers/round-trip.ts';
import { WalletSignIn } from '../../src/adapters/providers/wallet-sign-in.ts';
import type { ProviderConfiguration } from '../../src/ports/auth-provider.ts';
import { secondsAfter } from '../support/clock.ts';
import { aConfiguration, aMoment, redirectedWith } from './configurations.ts';

const PUBLIC_URL = 'https://iam.example:8443/at';
const TOKEN_INVALID = { code: 'token-invalid' };
const adapter: RoundTrip = new WalletSignIn({ publicUrl: PUBLIC_URL });
const ada = privateKeyToAccount(generatePrivateKey());
const eve = privateKeyToAccount(generatePrivateKey());
const moment = aMoment();

const configured = (given: Partial<ProviderConfiguration> = {}) => aConfiguration({ type: 'wallet', ...given });

async function start(wallet = { address: ada.address as string, chainId: 1 }, configuration = configured()) {
  const started = await adapter.start(configuration, { state: 's', fresh: false, wallet, ...moment });
  return { ...started, message: started.challenge?.message ?? '' };
}
const finish = (memo: string, signature: string, now = moment.now) =>
  adapter.finish(configured(), { memo, answer: { kind: 'signature', signature }, now });

describe('the message for a wallet', () => {
  it('is one that others read as it is meant (ERC-4361)', async () => {
    const { message, challenge, redirectUrl } = await start();
    const { nonce } = challenge ?? {};
    expect(parseSiweMessage(message)).toEqual({
      domain: 'iam.example:8443',
      address: ada.address,
      statement: 'Show that this wallet is yours. Nothing is paid, and nothing is moved.',
      uri: PUBLIC_URL,
      version: '1',
      chainId: 1,
      nonce,
      issuedAt: moment.now,
      expirationTime: moment.expiresAt,
    });
    const expected = { address: ada.address, domain: 'iam.example:8443', nonce: nonce ?? '', time: moment.now };
    expect(validateSiweMessage({ message: parseSiweMessage(message), ...expected })).toBe(true);
    expect(redirectUrl).toBe(`${PUBLIC_URL}/wallet/there`);
  });

  it('has a nonce of at least eight letters and digits, never the same one', async () => {
    const nonces = await Promise.all(Array.from({ length: 16 }, async () => (await start()).challenge?.nonce));
    expect(nonces.every((nonce) => /^[0-9a-zA-Z]{8,}$/.test(nonce ?? ''))).toBe(true);
    expect(new Set(nonces).size).toBe(16);
  });

  it.each(['lower case', 'upper case', 'its checksum'])(
    'names an address that came in %s with its checksum',
    async (how) => {
      const digits = ada.address.slice(2);
      const given = { 'lower case': digits.toLowerCase(), 'upper case': digits.toUpperCase() }[how] ?? digits;
      const { message } = await start({ address: `0x${given}`, chainId: 1 });
      expect(parseSiweMessage(message).address).toBe(ada.address);
    },
  );

  it.each([
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
    '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
    '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
    '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
  ])('names %s as EIP-55 does', async (address) => {
    expect((await start({ address: address.toLowerCase(), chainId: 1 })).message).toContain(`\n${address}\n`);
    expect((await start({ address, chainId: 1 })).message).toContain(`\n${address}\n`);
  });

  it('is for main net alone, unless other chains are configured', async () => {
    const refused = { code: 'validation-error', details: { violations: [{ field: 'chainId', code: 'NOT_ALLOWED' }] } };
    const on = (chainId: number, chainIds: readonly number[]) =>
      start({ address: ada.address, chainId }, configured({ chainIds }));
    await expect(on(137, [])).rejects.toMatchObject(refused);
    await expect(on(1, [137, 10])).rejects.toMatchObject(refused);
    expect(parseSiweMessage((await on(10, [137, 10])).message).chainId).toBe(10);
  });

  it.each([
    '',
    'ada.eth',
    ada.address.slice(0, -1),
    `${ada.address}0`,
    ada.address.slice(2),
    `0X${ada.address.slice(2)}`,
    `${ada.address}\nURI: https://evil.example`,
    // EIP-55's own example, one capital changed.
    '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD',
  ])('is not made for %j', async (address) => {
    await expect(start({ address, chainId: 1 })).rejects.toMatchObject({
      code: 'validation-error',
      details: { violations: [{ field: 'address', code: 'INVALID_FORMAT' }] },
    });
  });

  it('is not made for nobody', async () => {
    const attempt = adapter.start(configured(), { state: 's', fresh: false, ...moment });
    await expect(attempt).rejects.toMatchObject({
      code: 'validation-error',
      details: { violations: [{ field: 'address', code: 'REQUIRED' }] },
    });
  });
});

describe('signing in with a wallet', () => {
  it('lets in whoever has signed the message, as others would', async () => {
    const { memo, message } = await start();
    const signature = await ada.signMessage({ message });
    expect(await verifyMessage({ address: ada.address, message, signature })).toBe(true);
    expect(await finish(memo, signature)).toEqual({
      externalId: ada.address.toLowerCase(),
      email: null,
      emailVerified: false,
      displayName: `${ada.address.slice(0, 6)}…${ada.address.slice(-4)}`,
      firstName: null,
      lastName: null,
    });
  });

  it('knows sixteen wallets of random keys by their signatures', async () => {
    const accounts = Array.from({ length: 16 }, () => privateKeyToAccount(generatePrivateKey()));
    const known = accounts.map(async (account) => {
      const { memo, message } = await start({ address: account.address, chainId: 1 });
      return (await finish(memo, await account.signMessage({ message }))).externalId;
    });
    expect(await Promise.all(known)).toEqual(accounts.map(({ address }) => address.toLowerCase()));
  });

  it('reads the point in either count: from 27, or from 0', async () => {
    const { memo, message } = await start();
    const signature = await ada.signMessage({ message });
    const fromZero = signature.slice(0, -2) + (signature.endsWith('1b') ? '00' : '01');
    expect(await finish(memo, fromZero)).toMatchObject({ externalId: ada.address.toLowerCase() });
  });

  it('lets nobody in with the signature of another wallet', async () => {
    const { memo, message } = await start();
    await expect(finish(memo, await eve.signMessage({ message }))).rejects.toMatchObject(TOKEN_INVALID);
  });

  it.each<[string, (message: string) => string]>([
    ['for another domain', (message) => message.replace('iam.example:8443 wants', 'evil.example wants')],
    ['for another URI', (message) => message.replace(`URI: ${PUBLIC_URL}`, 'URI: https://evil.example')],
    ['for another chain', (message) => message.replace('Chain ID: 1', 'Chain ID: 137')],
    ['with another nonce', (message) => message.replace(/Nonce: .*/, 'Nonce: 0123456789abcdef')],
    ['for another address', (message) => message.replace(ada.address, eve.address)],
    ['of another version', (message) => message.replace('Version: 1', 'Version: 2')],
    [
      'with a later end',
      (message) => message.replace(/Expiration Time: .*/, 'Expiration Time: 2999-01-01T00:00:00.000Z'),
    ],
    ['without an end', (message) => message.replace(/\nExpiration Time: .*/, '')],
    ['with something more', (message) => `${message}\nResources:\n- https://evil.example`],
  ])('lets nobody in with a signed message %s', async (_, change) => {
    const { memo, message } = await start();
    const other = change(message);
    expect(other).not.toBe(message);
    await expect(finish(memo, await ada.signMessage({ message: other }))).rejects.toMatchObject(TOKEN_INVALID);
  });

  it('lets nobody in with a signature that answers another start', async () => {
    const [mine, theirs] = [await start(), await start()];
    const signature = await ada.signMessage({ message: theirs.message });
    await expect(finish(mine.memo, signature)).rejects.toMatchObject(TOKEN_INVALID);
  });

  it('lets nobody in after its end, and until then somebody', async () => {
    const { memo, message } = await start();
    const signature = await ada.signMessage({ message });
    await expect(finish(memo, signature, moment.expiresAt)).rejects.toMatchObject(TOKEN_INVALID);
    expect(await finish(memo, signature, secondsAfter(moment.expiresAt, -1))).toHaveProperty('externalId');
  });

  it('lets nobody in with the other signature that can be made of a right one (EIP-2)', async () => {
    const { memo, message } = await start();
    const signature = await ada.signMessage({ message });
    const malleable = otherOf(signature);
    expect(await recoverMessageAddress({ message, signature: malleable })).toBe(ada.address);
    await expect(finish(memo, malleable)).rejects.toMatchObject(TOKEN_INVALID);
  });

  it.each<[string, (signature: string) => string]>([
    ['nothing', () => ''],
    ['no digits', () => '0x'],
    ['words', () => 'yes, it is me'],
    ['too little', (signature) => signature.slice(0, -2)],
    ['too much', (signature) => `${signature}00`],
    ['no prefix', (signature) => signature.slice(2)],
    ['a point that there is none of', (signature) => `${signature.slice(0, -2)}1d`],
    ['a point beyond the order', (signature) => `${signature.slice(0, -2)}02`],
    ['zeros', () => `0x${'00'.repeat(64)}1b`],
    ['r = 0', (signature) => `0x${'00'.repeat(32)}${signature.slice(66)}`],
    ['s = 0', (signature) => `${signature.slice(0, 66)}${'00'.repeat(32)}1b`],
    ['r and s beyond the order', () => `0x${'ff'.repeat(64)}1b`],
    ['an r of no point', () => `0x${'00'.repeat(31)}05${'00'.repeat(31)}011b`],
    ['a line end after it', (signature) => `${signature}\n`],
  ])('lets nobody in with %s for a signature', async (_, change) => {
    const { memo, message } = await start();
    const signature = change(await ada.signMessage({ message }));
    await expect(finish(memo, signature)).rejects.toMatchObject(TOKEN_INVALID);
  });

  it('takes no answer of a redirect', async () => {
    const { memo } = await start();
    const answer = redirectedWith({ code: 'a-code', state: 's' });
    await expect(adapter.finish(configured(), { memo, answer, now: moment.now })).rejects.toMatchObject(TOKEN_INVALID);
  });

  it('takes no answer to a start at another kind of provider', async () => {
    const { message } = await start();
    const kept = { address: ada.address, message, expiresAt: moment.expiresAt };
    const memo = JSON.stringify({ type: 'oidc', kept });
    await expect(finish(memo, await ada.signMessage({ message }))).rejects.toMatchObject(TOKEN_INVALID);
  });
});

/** (r, n − s, the other point) verifies wherever (r, s) does, unless somebody looks. */
function otherOf(signature: Hex): Hex {
  const s = secp256k1.Point.Fn.ORDER - BigInt(`0x${signature.slice(66, 130)}`);
  const recovery = signature.endsWith('1b') ? '1c' : '1b';
  return `${signature.slice(0, 66) as Hex}${s.toString(16).padStart(64, '0')}${recovery}`;
}
