import { access, constants, readdir, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { TestServer } from '../server-search.ts';
import { startThrowaway } from './throwaway.ts';

const DEBIAN = '/usr/lib/postgresql';

/** Server binaries on the PATH, or where Debian keeps them. */
export async function installedServer(env: NodeJS.ProcessEnv): Promise<TestServer> {
  return await startThrowaway(await installedFolder(env));
}

/** The folder of `postgres` and `initdb`. */
export async function installedFolder(env: NodeJS.ProcessEnv): Promise<string> {
  for (const folder of [...(env.PATH ?? '').split(delimiter), ...(await debianFolders())]) {
    const bin = await serverFolder(folder);
    if (bin) return bin;
  }
  throw new Error(`no postgres on the PATH or in ${DEBIAN}`);
}

/** Follows links: a lone `postgres` in a bin folder leads to the place where `initdb` lives too. */
async function serverFolder(folder: string): Promise<string | undefined> {
  try {
    const bin = dirname(await realpath(join(folder, 'postgres')));
    await Promise.all(['postgres', 'initdb'].map((name) => access(join(bin, name), constants.X_OK)));
    return bin;
  } catch {
    return undefined;
  }
}

async function debianFolders(): Promise<string[]> {
  const versions = await readdir(DEBIAN).catch(() => []);
  return versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(DEBIAN, version, 'bin'));
}
