import { readdir, rm, writeFile } from 'node:fs/promises';
import { bundle } from './bundle.ts';
import { thirdParty } from './third-party.ts';

const CHUNKS = 'dist/chunks';

const metafile = await bundle();
await writeFile('dist/third-party.txt', await thirdParty(metafile));
// Chunks are named after their content: those of earlier builds are still there.
const earlier = (await readdir(CHUNKS))
  .map((name) => `${CHUNKS}/${name}`)
  .filter((file) => !(file in metafile.outputs));
await Promise.all(earlier.map((file) => rm(file)));
