export { Database } from './database.ts';
export { type ExaminedDatabase, examineDatabase, examinePooling } from './examine.ts';
export { migrate } from './migrate.ts';
export { MIGRATIONS_FOLDER, missingMigrations } from './migrations.ts';
export type { PostgresConnection } from './open-pool.ts';
export { openPostgres, type PostgresOptions } from './open-postgres.ts';
export { type PersistencePorts, persistencePorts } from './persistence-ports.ts';
