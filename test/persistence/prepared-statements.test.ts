import { sql } from 'drizzle-orm';
import { afterEach, expect, it } from 'vitest';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import { openPostgres, type PostgresConnection, persistencePorts } from '../../src/adapters/persistence/index.ts';
import { defaultProjectSettings } from '../../src/domain/project/project-settings.ts';
import type { Generation } from '../../src/domain/session/refresh-token.ts';
import { attested } from '../support/attested.ts';
import { aSession } from '../support/builders.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { seedProject, seedUser } from '../support/seeds.ts';
import { migratedTemplate } from './template.ts';

describeWithPostgres('prepared statements', () => {
  const now = new Date();
  let connection: PostgresConnection;
  afterEach(() => connection.close());

  /** The statements that one connection has by name after a session was opened and refreshed this often. */
  async function namesAfter(refreshes: number, options: { readonly prepare: boolean }) {
    connection = openPostgres({ url: (await freshDatabase(migratedTemplate)).url, poolSize: 1, ...options });
    const { unitOfWork } = persistencePorts(connection.database, { idGenerator: new UuidV7Generator(), attested });
    const place = await seedProject(unitOfWork, now);
    const user = await seedUser(unitOfWork, now, place);
    const session = aSession(now, { ...place, userId: user.id });
    await unitOfWork.run(async ({ refreshTokens }) => refreshTokens.save(session));
    for (let generation = 0; generation < refreshes; generation += 1) {
      await unitOfWork.run(async ({ refreshTokens }) => {
        const found = await refreshTokens.withStanding(place.projectId, session.id);
        found?.session.rotate(generation as Generation, defaultProjectSettings, now);
        if (found) refreshTokens.save(found.session);
      });
    }
    const rows = await connection.database.execute<{ statement: string }>(
      sql`select statement from pg_prepared_statements where name <> ''`,
    );
    return rows.map(({ statement }) => statement);
  }

  it('serve every refresh from one read and one commit', async () => {
    const statements = await namesAfter(5, { prepare: true });

    expect(
      statements.filter((text) => text.startsWith('select') && text.includes('from "refresh_tokens"')),
    ).toHaveLength(1);
    expect(statements.filter((text) => text.includes('update "refresh_tokens"'))).toHaveLength(1);
  });

  it('have no name where a pooler hands out connections by transaction', async () => {
    expect(await namesAfter(2, { prepare: false })).toEqual([]);
  });
});
