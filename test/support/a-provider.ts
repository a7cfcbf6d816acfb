import { randomUUID } from 'node:crypto';
import { IamError } from '../../src/domain/errors.ts';
import type {
  ExternalIdentity,
  ProviderAdapter,
  ProviderAdapters,
  ProviderAnswer,
  ProviderConfiguration,
  Wallet,
} from '../../src/ports/auth-provider.ts';
import { anEmail } from './builders.ts';

/** What somebody brings back: made for one authorization request, by one client of the provider. */
interface Code {
  readonly id: string;
  readonly state: string;
  readonly clientId: string;
  readonly identity: ExternalIdentity;
  /** Whether the person showed their factors there now, or was still signed in. */
  readonly fresh: boolean;
}

type Started = { readonly redirectUrl: string; readonly state: string };

/** A provider that lives in the process. Each code is good once, for the request that it was made for. */
export class InMemoryProvider implements ProviderAdapter {
  readonly #used = new Set<string>();

  faultsOf({ clientId }: ProviderConfiguration): ReturnType<ProviderAdapter['faultsOf']> {
    return clientId === null ? [{ field: 'clientId', message: 'is needed' }] : [];
  }

  async start({ clientId }: ProviderConfiguration, { state, fresh }: Parameters<ProviderAdapter['start']>[1]) {
    const redirectUrl = `https://id.example.test/authorize?client_id=${clientId}&state=${state}`;
    return { redirectUrl, memo: JSON.stringify({ state, fresh, canary: MEMO_CANARY }) };
  }

  async finish({ clientId }: ProviderConfiguration, { memo, answer }: Parameters<ProviderAdapter['finish']>[1]) {
    if (answer.kind !== 'redirect') throw new IamError('token-invalid');
    const { code: raw, error } = answer.parameters;
    if (error !== undefined) throw new IamError('invalid-credentials');
    const code = decoded(raw);
    const { state, fresh } = JSON.parse(memo);
    if (this.#used.has(code.id) || code.state !== state || code.clientId !== clientId) {
      throw new IamError('token-invalid');
    }
    this.#used.add(code.id);
    if (fresh && !code.fresh) throw new IamError('token-invalid');
    return code.identity;
  }
}

/** A wallet that signs what it is shown. */
export class InMemoryWallet implements ProviderAdapter {
  faultsOf(): [] {
    return [];
  }

  async start(_: ProviderConfiguration, { state, wallet }: Parameters<ProviderAdapter['start']>[1]) {
    if (wallet === undefined) {
      throw new IamError('validation-error', {
        violations: [{ field: 'address', message: 'is required', code: 'REQUIRED' }],
      });
    }
    const nonce = randomUUID().replaceAll('-', '');
    const message = `${wallet.address} signs in on ${wallet.chainId} with ${nonce}`;
    const memo = JSON.stringify({ wallet, message });
    return { redirectUrl: `https://castellan.example.test/wallet?state=${state}`, memo, challenge: { message, nonce } };
  }

  async finish(_: ProviderConfiguration, { memo, answer }: Parameters<ProviderAdapter['finish']>[1]) {
    const { wallet, message } = JSON.parse(memo);
    if (answer.kind !== 'signature' || answer.signature !== signed(wallet, message)) {
      throw new IamError('token-invalid');
    }
    return anIdentity({
      externalId: wallet.address,
      email: null,
      emailVerified: false,
      displayName: null,
      firstName: null,
      lastName: null,
    });
  }
}

/** What the adapter keeps for itself. */
export const MEMO_CANARY = 'canary-of-the-memo';

export function inMemoryProviders(): ProviderAdapters {
  return { oidc: new InMemoryProvider(), wallet: new InMemoryWallet() };
}

/** Somebody whom a provider knows, with an address that it has proven. */
export function anIdentity(given: Partial<ExternalIdentity> = {}): ExternalIdentity {
  return {
    externalId: randomUUID(),
    email: anEmail(),
    emailVerified: true,
    displayName: 'Ada Lovelace',
    firstName: 'Ada',
    lastName: 'Lovelace',
    ...given,
  };
}

export function aWallet(): Wallet {
  return { address: `0x${randomUUID().replaceAll('-', '').padEnd(40, '0')}`, chainId: 1 };
}

/** The person signs in there, and is sent back. `remembered`: they were signed in there already, and showed nothing. */
export function answerOfProvider(
  { redirectUrl, state }: Started,
  identity: ExternalIdentity,
  { remembered = false } = {},
): ProviderAnswer & { readonly kind: 'redirect' } {
  const clientId = new URL(redirectUrl).searchParams.get('client_id') ?? '';
  const code: Code = { id: randomUUID(), state, clientId, identity, fresh: !remembered };
  const parameters = { code: Buffer.from(JSON.stringify(code)).toString('base64url'), state, iss: ISSUER };
  return { kind: 'redirect', parameters };
}

/** The person says no. */
export function refusalOfProvider({ state }: Started): ProviderAnswer {
  return { kind: 'redirect', parameters: { error: 'access_denied', state } };
}

export function answerOfWallet(
  { challenge }: { readonly challenge: { readonly message: string } | undefined },
  wallet: Wallet,
): ProviderAnswer {
  return { kind: 'signature', signature: signed(wallet, challenge?.message ?? '') };
}

export const ISSUER = 'https://id.example.test';

function signed({ address }: Wallet, message: string): string {
  return `${address} has signed: ${message}`;
}

function decoded(code: string | undefined): Code {
  try {
    return JSON.parse(Buffer.from(code ?? '', 'base64url').toString());
  } catch {
    throw new IamError('token-invalid');
  }
}
