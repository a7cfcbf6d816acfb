import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const PERSISTENCE = join(import.meta.dirname, '../../src/adapters/persistence');

/** Gone long before a master key is. */
const SHORT_LIVED = ['authorizationRequests.memo'];

/** Every column that holds something sealed, as the schema says. */
async function sealedColumns(): Promise<readonly string[]> {
  const folder = join(PERSISTENCE, 'schema');
  const files = await readdir(folder);
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.flatMap((text) => {
    const table = /export const (\w+) = pgTable/.exec(text)?.[1];
    return [...text.matchAll(/^\s+(\w+): .*\$type<.*SealedSecret.*>/gm)].map(([, column]) => `${table}.${column}`);
  });
}

it('every column that holds something sealed is sealed anew under another master key, unless it is short-lived', async () => {
  const text = await readFile(join(PERSISTENCE, 'sealed-secrets.ts'), 'utf8');
  const resealed = [...text.matchAll(/sealed: (\w+\.\w+)/g)].map(([, column]) => column ?? '');
  expect(resealed.length).toBeGreaterThan(0);
  expect([...resealed, ...SHORT_LIVED].sort()).toEqual([...(await sealedColumns())].sort());
});
