import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import {
  openPostgres,
  type PersistencePorts,
  type PostgresConnection,
  persistencePorts,
} from '../../src/adapters/persistence/index.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { SecretDigest } from '../../src/domain/session/secret-digest.ts';
import type { EmailAddress } from '../../src/domain/user/email-address.ts';
import { migratedTemplate } from '../persistence/template.ts';
import { attested } from '../support/attested.ts';
import { describeWithPostgres, freshDatabase, type TestDatabase } from '../support/databases.ts';
import { seedProject, seedUser } from '../support/seeds.ts';

const HOSTILE = [
  "' or '1'='1",
  "'; drop table users; --",
  "x'); update users set status = 'disabled' where ('1'='1",
  "\\'; select pg_sleep(60); --",
  '$1 $$; drop table users; $$',
  '"users"; --',
  '{"$ne": null}',
] as const;

describeWithPostgres('SQL in what a caller says', () => {
  const now = new Date();
  let fresh: TestDatabase;
  let connection: PostgresConnection;
  let ports: PersistencePorts;
  beforeAll(async () => {
    fresh = await freshDatabase(migratedTemplate);
    connection = openPostgres({ url: fresh.url });
    ports = persistencePorts(connection.database, { idGenerator: new UuidV7Generator(), attested });
  });
  afterAll(async () => {
    await connection.close();
    await fresh[Symbol.asyncDispose]();
  });

  it.each(HOSTILE)('is data: it comes back as it was, and touches nobody else: %s', async (hostile) => {
    const place = await seedProject(ports.unitOfWork, now);
    const bystander = await seedUser(ports.unitOfWork, now, place);
    const given = { firstName: hostile, phone: hostile, metadata: { [hostile]: hostile } };
    const email = `${hostile}@example.test` as EmailAddress;
    const user = await seedUser(ports.unitOfWork, now, place, { ...given, email });
    expect(await ports.userDirectory.byId(place.projectId, user.id)).toMatchObject(given);
    expect((await ports.userDirectory.byEmail(place.projectId, email))?.id).toBe(user.id);
    expect(await ports.userDirectory.byId(place.projectId, bystander.id)).toMatchObject({ status: 'active' });
    const rows = await connection.database.rows(connection.database.drizzle.select({ one: sql`1` }).from(sql`users`));
    expect(rows.length).toBeGreaterThanOrEqual(2);
  });

  it.each(HOSTILE)('finds nothing and frees nothing where it stands for a secret or a guess: %s', async (hostile) => {
    const { projectId } = await seedProject(ports.unitOfWork, now);
    const digests = [hostile as SecretDigest];
    expect(await ports.apiKeyDirectory.byDigest(projectId, digests)).toBeUndefined();
    expect(await ports.oneTimeTokenDirectory.byDigest(projectId, 'reset-password-link', digests)).toBeUndefined();
    const key = { projectId, budget: 'password-account', subject: hostile } as const;
    const limit = { limit: 1, windowSeconds: 900, progressive: true };
    expect((await ports.attemptBudget.reserve(key, limit, now)).granted).toBe(true);
    expect((await ports.attemptBudget.reserve(key, limit, now)).granted).toBe(false);
  });

  it('is no id: the database refuses it, and the refusal is none of an empty answer', async () => {
    for (const hostile of HOSTILE) {
      await expect(ports.projectDirectory.byId(hostile as ProjectId)).rejects.toThrow();
    }
  });
});
