import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { bundle } from './bundle.ts';
import { thirdParty } from './third-party.ts';

const CHUNKS = 'dist/chunks';

const { files, outputs } = await bundle();
await Promise.all(
  files.map(async ({ path, contents }) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
  }),
);
await writeFile('dist/third-party.txt', await thirdParty({ outputs }));
// Chunks are named after their content: those of earlier builds are still there.
const written = new Set(files.map(({ path }) => relative('.', path)));
const earlier = (await readdir(CHUNKS)).map((name) => join(CHUNKS, name)).filter((file) => !written.has(file));
await Promise.all(earlier.map((file) => rm(file)));
