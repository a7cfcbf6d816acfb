import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import { openPostgres, type PostgresConnection, persistencePorts } from '../../src/adapters/persistence/index.ts';
import { holdsAddressOrNext } from '../../src/adapters/persistence/queries/address-holder.ts';
import { users } from '../../src/adapters/persistence/schema/index.ts';
import type { EmailAddress } from '../../src/domain/user/email-address.ts';
import { attested } from '../support/attested.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { type Place, seedProject, seedUser } from '../support/seeds.ts';
import { migratedTemplate } from './template.ts';

describeWithPostgres('a look at an address', () => {
  const now = new Date();
  let connection: PostgresConnection;
  let place: Place;
  let url: string;
  beforeAll(async () => {
    url = (await freshDatabase(migratedTemplate)).url;
    connection = openPostgres({ url });
    const { unitOfWork } = persistencePorts(connection.database, { idGenerator: new UuidV7Generator(), attested });
    place = await seedProject(unitOfWork, now);
    const elsewhere = await seedProject(unitOfWork, now);
    const people = { [place.projectId]: ['bea', 'dan'], [elsewhere.projectId]: ['ada', 'cyd', 'eve'] };
    for (const here of [place, elsewhere]) {
      for (const name of people[here.projectId] ?? []) {
        await seedUser(unitOfWork, now, here, { email: `${name}@example.test` as EmailAddress });
      }
    }
  });
  afterAll(() => connection.close());

  const seen = async (name: string) => {
    const select = connection.database.drizzle.select({ email: users.email }).from(users).where(holdsAddressOrNext);
    const rows = await select.prepare('seen').execute({ projectId: place.projectId, email: `${name}@example.test` });
    return rows.map(({ email }) => email);
  };

  it.each([
    ['bea', 'bea', 'its holder'],
    ['ada', 'bea', 'the next one of the project, before the first'],
    ['cyd', 'dan', 'the next one of the project, in between'],
    ['eve', 'bea', 'the first one of the project, after the last'],
  ])('reads one row for %s: %s, %s', async (name, found) => {
    expect(await seen(name)).toEqual([`${found}@example.test`]);
  });

  it('is planned once, for whatever address', async () => {
    const one = openPostgres({ url, poolSize: 1 });
    try {
      // Enough that walking all of them would not pay.
      await one.database.execute(sql`
        insert into users (id, project_id, email, metadata, preferences, status, holds_seat, session_epoch, created_at,
          updated_at, version)
        select gen_random_uuid(), ${place.projectId}, 'person' || n, '{}', '{}', 'active', true, 0, now(), now(), 1
        from generate_series(1, 5000) n`);
      await one.database.execute(sql`analyze users`);
      const { userDirectory } = persistencePorts(one.database, { idGenerator: new UuidV7Generator(), attested });
      // Postgres plans five times before it considers to keep a plan.
      for (const name of ['ada', 'bea', 'cyd', 'dan', 'eve', 'fay', 'gil']) {
        await userDirectory.byEmail(place.projectId, `${name}@example.test` as EmailAddress);
      }
      const plans = await one.database.execute<{ kept: boolean }>(
        sql`select generic_plans > 0 as kept from pg_prepared_statements where name = 'user_by_email'`,
      );
      expect(plans).toEqual([{ kept: true }]);
    } finally {
      await one.close();
    }
  });
});
