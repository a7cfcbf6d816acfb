import { Connection, requestText } from './connection.ts';

export const OWNER = { email: 'owner@example.com', password: 'a long word of the owner, 1815' } as const;
export const PASSWORD = 'a word that nobody else has, 1842';
const PEOPLE = 64;
/** The Gate's hard cap of 60 a minute and address cannot be configured away: the load comes from many homes. */
const HOMES = 4;
const AWAY = 1_000_000;

export interface Person {
  readonly email: string;
  readonly accessToken: string;
  readonly userId: string;
}

/** A project with people in it, and what their back end knows. */
export interface World {
  readonly projectId: string;
  readonly apiKey: string;
  readonly people: readonly Person[];
}

export async function makeWorld(port: number): Promise<World> {
  const connection = await Connection.open(port);
  const call = async (
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    headers: Record<string, string>,
    json?: unknown,
  ) => JSON.parse(await connection.send(requestText({ method, path, headers, json })));
  try {
    const { accessToken } = await call('POST', '/api/v1/auth/login', {}, OWNER);
    const owner = { Authorization: `Bearer ${accessToken}` };
    const limit = { limit: AWAY, windowSeconds: 1 };
    const rateLimits = { login: limit, register: limit, passwordReset: limit, general: limit };
    await call('PATCH', `/api/v1/projects/${claimsOf(accessToken).pid}`, owner, { settings: { rateLimits } });
    const { id: projectId } = await call('POST', '/api/v1/projects', owner, { name: 'Bench' });
    const settings = { v1Enabled: true, emailVerificationRequired: false, rateLimits };
    await call('PATCH', `/api/v1/projects/${projectId}`, owner, { settings });
    const permissions = ['auth', 'client-address'];
    const { key: apiKey } = await call('POST', `/api/v1/projects/${projectId}/api-keys`, owner, {
      name: 'Bench',
      permissions,
    });
    const people: Person[] = [];
    for (let number = 0; number < PEOPLE; number += 1) {
      const email = `person-${number}@example.com`;
      const headers = { 'X-API-Key': apiKey, 'X-Client-Address': homeOf(number, 0) };
      const path = `/api/v1/gate/${projectId}/auth/register`;
      const { access_token: token } = await call('POST', path, headers, { email, password: PASSWORD, name: email });
      people.push({ email, accessToken: token, userId: claimsOf(token).sub });
    }
    return { projectId, apiKey, people };
  } finally {
    connection.close();
  }
}

/** Signs people in, each from the homes they are known at, one after the other. */
export function loginRequests({ projectId, apiKey, people }: World): () => string {
  let turn = 0;
  return () => {
    const number = turn % people.length;
    const home = Math.floor(turn / people.length) % HOMES;
    turn += 1;
    return requestText({
      method: 'POST',
      path: `/api/v1/gate/${projectId}/auth/login`,
      headers: { 'X-API-Key': apiKey, 'X-Client-Address': homeOf(number, home) },
      json: { email: people[number]?.email, password: PASSWORD },
    });
  };
}

/** Until every home is known, and the code is compiled. */
export const LOGINS_TO_WARM_UP = PEOPLE * HOMES * 4;

export function refreshRequest({ projectId, apiKey }: World, refreshToken: string): string {
  return requestText({
    method: 'POST',
    path: `/api/v1/pub/${projectId}/auth/refresh`,
    headers: { 'X-API-Key': apiKey, 'X-Client-Address': homeOf(0, 0) },
    json: { refresh_token: refreshToken },
  });
}

/** One for every person: `GET …/me` or `POST …/verify` with their access token. */
export function bearerRequests(world: World, method: 'GET' | 'POST', name: 'me' | 'verify'): readonly string[] {
  const { projectId, apiKey, people } = world;
  return people.map(({ accessToken }, number) =>
    requestText({
      method,
      path: `/api/v1/pub/${projectId}/auth/${name}`,
      headers: {
        'X-API-Key': apiKey,
        'X-Client-Address': homeOf(number, 0),
        Authorization: `Bearer ${accessToken}`,
      },
    }),
  );
}

function homeOf(person: number, home: number): string {
  return `10.${home}.${Math.floor(person / 250)}.${1 + (person % 250)}`;
}

function claimsOf(token: string): { readonly sub: string; readonly pid: string } {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}
