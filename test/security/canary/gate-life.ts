import { OPERATOR } from '../../../src/application/actor.ts';
import { anAddress } from '../../http/v1-people.ts';
import { GENEROUS, type V1World } from '../../http/v1-world.ts';
import { codeAt } from '../../support/authenticator-app.ts';
import type { Canaries } from './canaries.ts';

const A_STEP = 30;

/** Everything that can happen to somebody over the Gate and Public API; answers the statuses on the way. */
export async function gateLife(world: V1World, canaries: Canaries): Promise<readonly number[]> {
  const settings = { signingAlgorithm: 'ES256', emailVerificationRequired: true, ...GENEROUS } as const;
  const { id } = await world.iam.projects.createProject.execute(OPERATOR, { name: 'Shop', settings });
  const permissions = ['auth', 'client-address'] as const;
  const { key } = await world.iam.projects.createApiKey.execute(OPERATOR, { projectId: id, name: 'k', permissions });
  const headers = { 'X-API-Key': canaries.is('api key', key) };
  const statuses: number[] = [];
  const call = async (path: string, body?: unknown, token?: string, method = 'POST') => {
    const [surface, ...operation] = path.split('/');
    const url = `/api/v1/${surface}/${id}/auth/${operation.join('/')}`;
    const answer = await world.call(method, url, { body, headers, ...(token === undefined ? {} : { token }) });
    statuses.push(answer.status);
    return answer.body;
  };
  const mailed = async () => {
    const otps = (await world.mailsTo(email)).flatMap((mail) => ('otp' in mail ? [mail.otp] : []));
    return canaries.is('mailed code', otps.at(-1) ?? '');
  };
  const email = anAddress();
  const password = canaries.made('password');

  await call('gate/register', { email, password, name: 'Ada' });
  await call('gate/resend-verification', { email });
  await call('gate/verify-email', { email, otp: await mailed() });
  await call('gate/login', { email, password: canaries.made('wrong-password') });
  const first = await call('gate/login', { email, password });
  await call('pub/me', undefined, first.access_token, 'GET');
  await call('pub/verify', undefined, first.access_token);
  const second = await call('pub/refresh', { refresh_token: first.refresh_token });
  const { secret } = await call('pub/totp/setup', { password }, second.access_token);
  const code = async () => canaries.is('code of an app', await codeAt(secret, world.clock.now()));
  await call('pub/totp/verify-setup', { code: await code() }, second.access_token);
  const { login_ticket } = await call('gate/login', { email, password });
  world.clock.advance(A_STEP);
  const third = await call('gate/login/totp', { login_ticket, totp_code: await code() });
  world.clock.advance(A_STEP);
  await call('pub/totp/disable', { code: await code() }, third.access_token);
  // Long after it was spent: taken for theft.
  await call('pub/refresh', { refresh_token: first.refresh_token });
  await call('gate/forgot-password', { email });
  const new_password = canaries.made('new-password');
  await call('gate/reset-password', { email, otp: await mailed(), new_password });
  const last = await call('gate/login', { email, password: new_password });
  await call('pub/logout', { refresh_token: last.refresh_token });
  await world.call('GET', `/api/v1/pub/${id}/.well-known/jwks.json`);
  return statuses;
}
