import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { MIGRATIONS_FOLDER } from '../migrations.ts';
import { PACKAGE_ROOT } from '../package-root.ts';

/**
 * A migrated database to begin with: loading one takes a fifth of the time and half of the memory of making one.
 * Named after the migrations that it has, so that one of other migrations is never found.
 */
export function snapshotFile(): string {
  const digest = createHash('sha256');
  for (const { hash } of readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER })) digest.update(hash);
  const name = `embedded-${digest.digest('hex').slice(0, 12)}.tar.gz`;
  return join(PACKAGE_ROOT, 'dist', name);
}
