import { expect, it } from 'vitest';
import { codeAt } from '../support/authenticator-app.ts';
import { describeWithOathtool, oathCode } from '../support/oathtool.ts';
import { describeWithQrScanner, scanned } from '../support/qr-scanner.ts';
import { aGateWorld } from './gate-world.ts';
import { aV1World, latest, PASSWORD, type V1World } from './v1-world.ts';

const STEP_SECONDS = 30;

/** A set-up over v1 that waits for its first code. */
async function aSetUp(world: V1World) {
  const { email, token } = await world.person();
  const link = latest(await world.mailsTo(email), 'verify-email-link');
  await world.post('/auth/verify-email', { token: link.token });
  const { body } = await world.call('POST', '/auth/mfa/enable', { token });
  return { email, token, secret: body.secret, otpauthUri: body.otpauthUri, qrCodeSvg: body.qrCodeSvg };
}

describeWithOathtool('an app that is not ours', () => {
  it('makes codes that v1 takes', async () => {
    const world = await aV1World();
    const { email, token, secret } = await aSetUp(world);
    const verified = await world.post('/auth/mfa/verify', { code: oathCode(secret, world.clock.now()) }, { token });
    expect(verified.status).toBe(200);
    world.clock.advance(STEP_SECONDS);
    const mfaCode = oathCode(secret, world.clock.now());
    expect((await world.post('/auth/login', { email, password: PASSWORD, mfaCode })).status).toBe(200);
  });

  it('makes codes that the Gate takes', async () => {
    const world = await aGateWorld();
    const { email, token } = await world.person();
    const { secret } = (await world.post('pub/totp/setup', undefined, { token })).body;
    const code = oathCode(secret, world.clock.now());
    expect((await world.post('pub/totp/verify-setup', { code }, { token })).status).toBe(204);
    world.clock.advance(STEP_SECONDS);
    const { login_ticket } = (await world.post('gate/login', { email, password: PASSWORD })).body;
    const input = { login_ticket, totp_code: oathCode(secret, world.clock.now()) };
    expect((await world.post('gate/login/totp', input)).status).toBe(200);
  });
});

describeWithQrScanner('the QR code, drawn and scanned', () => {
  it('gives an app all that it needs', async () => {
    const world = await aV1World();
    const { token, secret, otpauthUri, qrCodeSvg } = await aSetUp(world);
    const seen = scanned(qrCodeSvg);
    expect(seen).toBe(otpauthUri);
    const given = new URL(seen).searchParams.get('secret') ?? '';
    expect(given).toBe(secret);
    const code = await codeAt(given, world.clock.now());
    expect((await world.post('/auth/mfa/verify', { code }, { token })).status).toBe(200);
  });
});
