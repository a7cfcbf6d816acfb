import { randomBytes } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';
import { expect, it, vi } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import type { Iam } from '../../src/application/iam.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import { migratedTemplate } from '../persistence/template.ts';
import { from, OWNER_EMAIL, PASSWORD } from '../support/an-iam.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { describeWithRedis, sharedRedis } from '../support/redis-servers.ts';
import { aContainer, type Container } from './containers.ts';

const WITHIN_TWO_SECONDS = { timeout: 2_000, interval: 20 };

/** Whether the token is let in, and what else the container says of the key that signed it. */
async function seenBy(iam: Iam, projectId: ProjectId, token: string) {
  const { kid } = decodeProtectedHeader(token);
  const verdict = await iam.authentication.authenticate
    .execute({ token, dialect: 'v1', origin: from('192.0.2.1') })
    .then(() => 'let in')
    .catch(({ code }: { readonly code?: string }) => code);
  const { keys } = await iam.projects.readJwks.execute(projectId);
  return { verdict, published: keys.some((key) => key.kid === kid) };
}

/** What two containers over one database, and whatever else they share, make of a removed key. */
async function removesEverywhere(shared: NodeJS.ProcessEnv): Promise<void> {
  const { url: DATABASE_URL } = await freshDatabase(migratedTemplate);
  const environment = { ...shared, DATABASE_URL, MASTER_KEY: randomBytes(32).toString('base64') };
  await using one: Container = await aContainer(environment);
  await using other: Container = await aContainer(environment);
  const owner = { email: OWNER_EMAIL, password: PASSWORD };
  const { project } = await one.iam.projects.installPlatform.execute(OPERATOR, owner);
  const visitor = { projectId: project.id, dialect: 'v1', origin: from('192.0.2.1') } as const;
  const signIn = async ({ iam }: Container) => {
    const outcome = await iam.authentication.login.execute(visitor, owner);
    return outcome.kind === 'signed-in' ? outcome.tokens.accessToken : expect.fail();
  };

  const token = await signIn(one);
  for (const { iam } of [one, other]) {
    expect(await seenBy(iam, project.id, token)).toEqual({ verdict: 'let in', published: true });
  }
  const kid = decodeProtectedHeader(token).kid ?? '';
  await one.iam.projects.removeSigningKey.execute(OPERATOR, { projectId: project.id, kid });

  const gone = { verdict: 'token-invalid', published: false };
  expect(await seenBy(one.iam, project.id, token)).toEqual(gone);
  await vi.waitFor(async () => expect(await seenBy(other.iam, project.id, token)).toEqual(gone), WITHIN_TWO_SECONDS);
  const fresh = await signIn(other);
  expect(decodeProtectedHeader(fresh).kid).not.toBe(kid);
  for (const { iam } of [one, other]) {
    expect(await seenBy(iam, project.id, fresh)).toEqual({ verdict: 'let in', published: true });
  }
}

describeWithPostgres('a signing key that is removed at one replica', () => {
  it('is void at the other within two seconds, and the next one signs there', () => removesEverywhere({}));
});

describeWithPostgres('a signing key that is removed', () => {
  describeWithRedis('at one replica of those that share a Redis', () => {
    it('is void at the other within two seconds, too', () => removesEverywhere({ REDIS_URL: sharedRedis() }));
  });
});
