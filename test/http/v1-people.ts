import { randomBytes } from 'node:crypto';
import { codeAt } from '../support/authenticator-app.ts';
import { latest, PASSWORD, type V1World } from './v1-world.ts';

export interface Person {
  readonly id: string;
  readonly email: string;
  readonly token: string;
  readonly refreshToken: string;
  readonly tenantId: string;
}

export function anAddress(): string {
  return `p${randomBytes(6).toString('hex')}@example.test`;
}

/** Somebody new with a proven address, who owns the tenant that they are signed in to. */
export async function anOwner(world: V1World): Promise<Person> {
  const { email, token, refreshToken, answer } = await world.person();
  const { token: proof } = latest(await world.mailsTo(email), 'verify-email-link');
  await world.post('/auth/verify-email', { token: proof });
  return { id: answer.body.user.id, email, token, refreshToken, tenantId: answer.body.tenant.id };
}

/** What the latest invitation to an address carries. */
export async function invitationTo(world: V1World, email: string): Promise<string> {
  return latest(await world.mailsTo(email), 'invitation').token;
}

/** Somebody new whom `host` has invited, signed in to the host's tenant. */
export async function aColleague(
  world: V1World,
  host: Pick<Person, 'token'>,
  roles?: readonly string[],
): Promise<Person> {
  const email = anAddress();
  await world.post('/auth/invite', { email, roles }, { token: host.token });
  const token = await invitationTo(world, email);
  const { body } = await world.post('/auth/accept-invite', { token, password: PASSWORD });
  return {
    id: body.user.id,
    email,
    token: body.accessToken,
    refreshToken: body.refreshToken,
    tenantId: body.user.tenantId,
  };
}

/** A role of `host`'s tenant; answers its slug. */
export async function aRole(
  world: V1World,
  host: Pick<Person, 'token'>,
  permissions: readonly string[] = [],
): Promise<{ readonly id: string; readonly slug: string }> {
  const name = `Role ${randomBytes(6).toString('hex')}`;
  const { body } = await world.post('/roles', { name, permissions }, { token: host.token });
  return { id: body.id, slug: body.slug };
}

const STEP_SECONDS = 30;

/** Sets an authenticator app up; answers what shows its code, one that was not used yet. */
export async function protect(world: V1World, { token }: Pick<Person, 'token'>): Promise<() => Promise<string>> {
  const { secret } = (await world.call('POST', '/auth/mfa/enable', { token })).body;
  const code = () => codeAt(secret, world.clock.now());
  await world.post('/auth/mfa/verify', { code: await code() }, { token });
  world.clock.advance(STEP_SECONDS);
  return code;
}
