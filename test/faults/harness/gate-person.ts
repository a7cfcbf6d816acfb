import type { Session } from './ledger.ts';
import type { Life } from './traffic.ts';
import { claimsOf } from './world.ts';

const PASSWORD = 'a word that nobody else has, 1842';

/** Over the Gate: one account, two sessions, one of which ends; a role that comes and sometimes goes. */
export const gatePerson: Life = async (call, { projectId, apiKey, admin, roleId }, ledger, number) => {
  const email = `gate-${number}@example.com`;
  const headers = { 'X-API-Key': apiKey, 'X-Client-Address': `10.1.${Math.floor(number / 250)}.${1 + (number % 250)}` };
  const gate = `/api/v1/gate/${projectId}/auth`;
  const pub = `/api/v1/pub/${projectId}/auth`;
  const sessionOf = (body: string): Session & { readonly accessToken: string } => {
    const { access_token: accessToken, refresh_token: refreshToken } = JSON.parse(body);
    const session = { id: claimsOf(accessToken).sid, dialect: 'gate', refreshToken, accessToken } as const;
    ledger.living.set(session.id, session);
    return session;
  };

  const registration = { email, password: PASSWORD, name: `Person ${number}` };
  const { body: registered } = await call(
    { method: 'POST', path: `${gate}/register`, headers, json: registration },
    201,
  );
  const first = sessionOf(registered);
  const userId = claimsOf(first.accessToken).sub;
  ledger.accounts.set(userId, { userId, projectId, email, dialect: 'gate' });

  let session = first;
  for (let turn = 0; turn < 3; turn += 1) {
    const bearer = { ...headers, Authorization: `Bearer ${session.accessToken}` };
    await call({ method: 'GET', path: `${pub}/me`, headers: bearer }, 200);
    await call({ method: 'POST', path: `${pub}/verify`, headers: bearer }, 200);
    ledger.living.delete(session.id);
    const json = { refresh_token: session.refreshToken };
    session = sessionOf((await call({ method: 'POST', path: `${pub}/refresh`, headers, json }, 200)).body);
  }

  const credentials = { email, password: PASSWORD };
  const { body: loggedIn } = await call({ method: 'POST', path: `${gate}/login`, headers, json: credentials }, 200);
  const second = sessionOf(loggedIn);

  const holding = { userId, roleId };
  const roles = `/api/v1/users/${userId}/roles`;
  await call({ method: 'POST', path: roles, headers: admin, json: { role: roleId } }, 200);
  ledger.holdings.set(userId, { ...holding, held: true });
  if (number % 3 === 0) {
    ledger.holdings.delete(userId);
    await call({ method: 'DELETE', path: `${roles}/${roleId}`, headers: admin }, 204);
    ledger.holdings.set(userId, { ...holding, held: false });
  }

  ledger.living.delete(second.id);
  const goodbye = { refresh_token: second.refreshToken };
  await call({ method: 'POST', path: `${pub}/logout`, headers, json: goodbye }, 204);
  ledger.ended.set(second.id, second);
};
