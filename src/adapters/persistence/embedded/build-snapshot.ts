import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { MIGRATIONS_FOLDER } from '../migrations.ts';
import { snapshotFile } from './snapshot-file.ts';

const file = snapshotFile();
if (!existsSync(file)) {
  const database = await PGlite.create();
  await migrate(drizzle(database), { migrationsFolder: MIGRATIONS_FOLDER });
  const snapshot = await database.dumpDataDir('gzip');
  await database.close();
  // Under its name when it is whole.
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, new Uint8Array(await snapshot.arrayBuffer()));
  await rename(draft, file);
}
