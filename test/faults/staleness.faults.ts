import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asked } from './harness/asked.ts';
import type { Ask } from './harness/balancer.ts';
import { Estate } from './harness/estate.ts';
import { figure } from './harness/figure.ts';
import { Revocation } from './harness/revocation.ts';
import { scaled } from './harness/scale.ts';
import { seen } from './harness/seen.ts';
import { GatePerson, type Tokens } from './harness/somebody.ts';
import { claimsOf, makeWorld, type World } from './harness/world.ts';

const SEEN_WITHIN_MS = 2_000;
const ROUNDS = scaled({ short: 5, long: 50 });
const HERE = 0;
const THERE = 1;

describe('what one replica does', () => {
  let estate: Estate;
  let world: World;
  beforeAll(async () => {
    estate = await Estate.start();
    world = await makeWorld(estate.balancer);
  });
  afterAll(() => estate?.[Symbol.asyncDispose]());

  async function inRounds(name: string, round: () => Promise<number>): Promise<void> {
    const after: number[] = [];
    for (let number = 0; number < ROUNDS; number += 1) after.push(await round());
    figure(name, { rounds: ROUNDS, 'not seen by the other for ms at most': Math.max(...after) });
  }

  const ask = (ask: Ask, replica: number) => estate.balancer.ask({ ...ask, replica });
  const administer = (ask: Omit<Ask, 'headers'>, status: number) =>
    asked(estate.balancer, { ...ask, headers: world.admin, replica: HERE }, status);
  const permissionsThere = async (person: GatePerson, tokens: Tokens): Promise<readonly string[]> =>
    (await asked(estate.balancer, { ...person.verification(tokens), replica: THERE }, 200)).permissions;
  /** Known to both. */
  const somebody = async () => {
    const { person, tokens } = await GatePerson.registered(estate, world);
    for (const replica of [HERE, THERE]) expect((await ask(person.verification(tokens), replica)).status).toBe(200);
    return { person, tokens, path: `/api/v1/users/${claimsOf(tokens.accessToken).sub}` };
  };

  it('is seen by the other: the end of a session', () =>
    inRounds('session ended', async () => {
      const revocation = await Revocation.prepared(estate, world);
      await revocation.happens();
      return revocation.seen(SEEN_WITHIN_MS);
    }));

  it('is seen by the other: the end of an account', () =>
    inRounds('person disabled', async () => {
      const { person, tokens, path } = await somebody();
      await administer({ method: 'PATCH', path, json: { status: 'disabled' } }, 200);
      return seen(async () => (await ask(person.verification(tokens), THERE)).status === 401, SEEN_WITHIN_MS);
    }));

  it('is seen by the other: a role that comes and goes, and what it allows', () =>
    inRounds('role assigned, changed and taken away', async () => {
      const { person, tokens, path } = await somebody();
      const shows = async (expected: readonly string[]) =>
        String(await permissionsThere(person, tokens)) === String(expected);
      await administer({ method: 'POST', path: `${path}/roles`, json: { role: world.roleId } }, 200);
      const came = await seen(() => shows(['audit.export', 'audit.read']), SEEN_WITHIN_MS);
      const role = { path: `/api/v1/roles/${world.roleId}`, method: 'PATCH' } as const;
      await administer({ ...role, json: { permissions: ['users.list'] } }, 200);
      const changed = await seen(() => shows(['users.list']), SEEN_WITHIN_MS);
      await administer({ ...role, json: { permissions: ['audit.read', 'audit.export'] } }, 200);
      const back = await seen(() => shows(['audit.export', 'audit.read']), SEEN_WITHIN_MS);
      await administer({ method: 'DELETE', path: `${path}/roles/${world.roleId}` }, 204);
      return Math.max(came, changed, back, await seen(() => shows([]), SEEN_WITHIN_MS));
    }));

  it('is seen by the other: the removal of a signing key, for a token that both know and for everybody else', () =>
    inRounds('signing key removed', async () => {
      const { person, tokens } = await somebody();
      const kid: string = JSON.parse(Buffer.from(tokens.accessToken.split('.')[0] ?? '', 'base64url').toString()).kid;
      const owner = { Authorization: `Bearer ${world.ownerToken}` };
      const removal = `/api/v1/projects/${world.projectId}/signing-keys/${kid}`;
      await asked(estate.balancer, { method: 'DELETE', path: removal, headers: owner, replica: HERE }, 204);
      const refused = await seen(
        async () => (await ask(person.verification(tokens), THERE)).status === 401,
        SEEN_WITHIN_MS,
      );
      const jwks = { method: 'GET', path: `/api/v1/pub/${world.projectId}/.well-known/jwks.json` } as const;
      const unpublished = await seen(async () => !(await ask(jwks, THERE)).body.includes(kid), SEEN_WITHIN_MS);
      const anew = await asked(estate.balancer, { ...person.login(), replica: THERE }, 200);
      const token = { accessToken: anew.access_token, refreshToken: anew.refresh_token };
      for (const replica of [HERE, THERE]) expect((await ask(person.verification(token), replica)).status).toBe(200);
      return Math.max(refused, unpublished);
    }));

  it('is seen by the other: the end of an API key', () =>
    inRounds('API key revoked', async () => {
      const owner = { Authorization: `Bearer ${world.ownerToken}` };
      const path = `/api/v1/projects/${world.projectId}/api-keys`;
      const json = { name: 'Short-lived', permissions: ['manage'] };
      const { id, key } = await asked(estate.balancer, { method: 'POST', path, headers: owner, json }, 201);
      const list: Ask = { method: 'GET', path: '/api/v1/roles', headers: { ...world.admin, 'X-API-Key': key } };
      for (const replica of [HERE, THERE]) expect((await ask(list, replica)).status).toBe(200);
      const end: Ask = { method: 'DELETE', path: `${path}/${id}`, headers: owner, replica: HERE };
      await asked(estate.balancer, end, 204);
      return seen(async () => (await ask(list, THERE)).status === 401, SEEN_WITHIN_MS);
    }));
});
