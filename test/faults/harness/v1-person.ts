import type { Session } from './ledger.ts';
import type { Life } from './traffic.ts';
import { claimsOf } from './world.ts';

const PASSWORD = 'a word that nobody else has, 1842';
const GRANTS = [['audit.read'], ['audit.read', 'users.list'], ['users.list', 'roles.list']] as const;

/** Over v1, at the platform: an account with a tenant of its own, whose owner composes roles and signs in twice. */
export const v1Person: Life = async (call, { platformId }, ledger, number) => {
  const email = `v1-${number}@example.com`;
  const headers = { 'X-Forwarded-For': `10.2.${Math.floor(number / 250)}.${1 + (number % 250)}` };
  const v1 = '/api/v1';
  const sessionOf = (body: string): Session & { readonly accessToken: string } => {
    const { accessToken, refreshToken } = JSON.parse(body);
    const session = { id: claimsOf(accessToken).sid, dialect: 'v1', refreshToken, accessToken } as const;
    ledger.living.set(session.id, session);
    return session;
  };

  const registration = { email, password: PASSWORD, firstName: 'Person', lastName: String(number) };
  const path = `${v1}/auth/register`;
  const first = sessionOf((await call({ method: 'POST', path, headers, json: registration }, 201)).body);
  const userId = claimsOf(first.accessToken).sub;
  ledger.accounts.set(userId, { userId, projectId: platformId, email, dialect: 'v1' });

  const bearer = { ...headers, Authorization: `Bearer ${first.accessToken}` };
  await call({ method: 'GET', path: `${v1}/auth/me`, headers: bearer }, 200);
  const composed = { name: 'Helper', permissions: GRANTS[0] };
  const { body: role } = await call({ method: 'POST', path: `${v1}/roles`, headers: bearer, json: composed }, 201);
  const { id } = JSON.parse(role);
  for (const permissions of GRANTS) {
    ledger.roles.delete(id);
    await call({ method: 'PATCH', path: `${v1}/roles/${id}`, headers: bearer, json: { permissions } }, 200);
    ledger.roles.set(id, { id, permissions });
  }

  ledger.living.delete(first.id);
  const json = { refreshToken: first.refreshToken };
  sessionOf((await call({ method: 'POST', path: `${v1}/auth/refresh`, headers, json }, 200)).body);
  const credentials = { email, password: PASSWORD };
  const login = { method: 'POST', path: `${v1}/auth/login`, headers, json: credentials } as const;
  const second = sessionOf((await call(login, 200)).body);

  ledger.living.delete(second.id);
  const own = { ...headers, Authorization: `Bearer ${second.accessToken}` };
  await call({ method: 'POST', path: `${v1}/auth/logout`, headers: own, json: {} }, 204);
  ledger.ended.set(second.id, second);
};
