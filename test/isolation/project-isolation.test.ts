import { afterAll, describe } from 'vitest';
import { openPostgres, type PostgresConnection } from '../../src/adapters/persistence/index.ts';
import type { V1World } from '../http/v1-world.ts';
import { migratedTemplate } from '../persistence/template.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { unknownLike } from './named.ts';
import { aSelection } from './own.ts';
import { aParty } from './project-party.ts';
import { aQuickWorld, aQuickWorldOn } from './quick-world.ts';
import { rowsInMemory, rowsInPostgres } from './rows.ts';
import { type Arranged, describeIsolation, type Stranger } from './walk.ts';

type RowsWith = (names: readonly string[]) => Promise<readonly string[]>;

async function arranged(world: V1World, rowsWith: RowsWith): Promise<Arranged> {
  const [theirs, own] = [await aParty(world), await aParty(world)];
  const { owner, member, role, webhook } = own.inventory;
  const { names: named } = theirs;
  const ids = [named.project, named.tenant, named.owner, named.member, named.role, named.webhook, named.event];
  return {
    world: own.world,
    own: {
      ...{ owner, member: member.id, slug: role.slug, webhook, project: own.names.project, key: own.auth },
      selection: () => aSelection(own.world),
    },
    manage: own.manage,
    named,
    unknown: unknownLike(named),
    marks: [...ids, named.module],
    warmUp: async () => {
      await own.world.call('GET', `/api/v1/pub/${own.names.project}/auth/me`, { headers: own.auth });
      await own.world.call('GET', '/modules', { headers: own.manage });
    },
    rows: () => rowsWith(ids),
  };
}

const A_PERSON: Stranger = {
  name: 'the owner of a tenant of another',
  everywhere: true,
  by: ({ token }) => ({ token }),
};

const A_BACK_END: Stranger = {
  name: 'a back end of another',
  everywhere: false,
  by: ({ manage: headers }) => ({ headers }),
};

/** They say that they are of the project that is not theirs. */
const PRETENDERS: readonly Stranger[] = [
  {
    name: 'a person who pretends',
    everywhere: false,
    by: ({ token }, { project }) => ({ token, headers: { 'X-Project-Id': project } }),
  },
  {
    name: 'a back end that pretends',
    everywhere: false,
    by: ({ manage }, { project }) => ({ headers: { ...manage, 'X-Project-Id': project } }),
  },
];

describe('a project, in memory, to', () => {
  describeIsolation(async () => {
    const world = await aQuickWorld();
    return arranged(world, async (names) => rowsInMemory(world.ports.store, names));
  }, [A_PERSON, A_BACK_END, ...PRETENDERS]);
});

describeWithPostgres('a project, on Postgres, to', () => {
  let connection: PostgresConnection;
  afterAll(() => connection.close());

  describeIsolation(async () => {
    connection = openPostgres({ url: (await freshDatabase(migratedTemplate)).url });
    const { database } = connection;
    return arranged(await aQuickWorldOn(database), (names) => rowsInPostgres(database, names));
  }, [A_PERSON, A_BACK_END]);
});
