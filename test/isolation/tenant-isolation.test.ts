import { afterAll, describe } from 'vitest';
import { openPostgres, type PostgresConnection } from '../../src/adapters/persistence/index.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import type { V1World } from '../http/v1-world.ts';
import { migratedTemplate } from '../persistence/template.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { anInventory, anOffer } from './inventory.ts';
import { NOTHING_LOCAL, namesOf, type OfProject, unknownLike } from './named.ts';
import { ownOf } from './own.ts';
import { aQuickWorld, aQuickWorldOn } from './quick-world.ts';
import { rowsInMemory, rowsInPostgres } from './rows.ts';
import { type Arranged, describeIsolation, type Stranger } from './walk.ts';

const STRANGERS: readonly Stranger[] = [
  { name: 'the owner of another tenant', everywhere: true, by: ({ token }) => ({ token }) },
];

type RowsWith = (names: readonly string[]) => Promise<readonly string[]>;

/** Two tenants of the platform project. */
async function arranged(world: V1World, rowsWith: RowsWith): Promise<Arranged> {
  const theirs = await anInventory(world);
  const names = { ...(await namesOf(world, theirs)), ...(await ofThePlatform(world)) };
  await anOffer(world, theirs);
  const { tenant, owner, member, removed, invited, invitation, role, slug, session, webhook, event } = names;
  const marks = [tenant, owner, member, removed, invited, invitation, role, slug, session, webhook, event];
  return {
    world,
    own: await ownOf(world, world.platform.id, {}),
    named: { ...names, ...NOTHING_LOCAL },
    unknown: { ...unknownLike(names), ...NOTHING_LOCAL },
    marks,
    warmUp: async () => {},
    rows: () => rowsWith(marks),
  };
}

/** What is the platform's, and no tenant's. */
async function ofThePlatform({ iam, platform: { id: projectId } }: V1World): Promise<OfProject> {
  const input = { projectId, name: 'Server', permissions: ['auth'] } as const;
  const { apiKey } = await iam.projects.createApiKey.execute(OPERATOR, input);
  const [key] = await iam.projects.listSigningKeys.execute(OPERATOR, projectId);
  return { project: projectId, apiKey: apiKey.id, kid: key?.kid ?? '' };
}

describe('a tenant to the owner of another, in memory', () => {
  describeIsolation(async () => {
    const world = await aQuickWorld();
    return arranged(world, async (names) => rowsInMemory(world.ports.store, names));
  }, STRANGERS);
});

describeWithPostgres('a tenant to the owner of another, on Postgres', () => {
  let connection: PostgresConnection;
  afterAll(() => connection.close());

  describeIsolation(async () => {
    connection = openPostgres({ url: (await freshDatabase(migratedTemplate)).url });
    const { database } = connection;
    const world = await aQuickWorldOn(database);
    return arranged(world, (names) => rowsInPostgres(database, names));
  }, STRANGERS);
});
