import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'master-key';
const BYTES = 32;

/** The key of the data folder, made at the first start; readable by its owner alone. */
export async function masterKeyOf(dataDir: string): Promise<Uint8Array> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  try {
    const file = await open(join(dataDir, FILE), 'wx', 0o600);
    const key = randomBytes(BYTES);
    await file.writeFile(key.toString('base64'));
    await file.sync();
    await file.close();
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await keptMasterKey(dataDir)) ?? masterKeyOf(dataDir);
}

/** The key of a data folder that has one. */
export async function keptMasterKey(dataDir: string): Promise<Uint8Array | undefined> {
  const path = join(dataDir, FILE);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (text === undefined) return undefined;
  const key = Buffer.from(text, 'base64');
  if (key.length !== BYTES)
    throw new Error(`${path} is not a master key of ${BYTES} bytes in base64. Restore it from a backup.`);
  return key;
}
