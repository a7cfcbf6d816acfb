export { Database, type DrizzleDatabase } from './database.ts';
export { type EmbeddedOptions, openEmbedded } from './embedded/open-embedded.ts';
export { MIGRATIONS_FOLDER, migrate } from './migrations.ts';
export type { OpenDatabase } from './open-pool.ts';
export { openPostgres, type PostgresOptions } from './open-postgres.ts';
export { type PersistencePorts, persistencePorts } from './persistence-ports.ts';
