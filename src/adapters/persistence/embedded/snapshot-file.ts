import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { MIGRATIONS_FOLDER } from '../migrations.ts';

/**
 * A migrated database to begin with: loading one takes a fifth of the time and half of the memory of making one.
 * Named after the migrations that it has, so that one of other migrations is never found.
 */
export function snapshotFile(): string {
  const digest = createHash('sha256');
  for (const { hash } of readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER })) digest.update(hash);
  const name = `embedded-${digest.digest('hex').slice(0, 12)}.tar.gz`;
  return fileURLToPath(new URL(`../../../../dist/${name}`, import.meta.url));
}
