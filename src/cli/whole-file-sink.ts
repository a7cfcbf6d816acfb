import { randomUUID } from 'node:crypto';
import { link, lstat, open, rename, rm } from 'node:fs/promises';
import { gathered, type LineSink } from './line-sink.ts';

export interface Destination {
  readonly path: string;
  /** Whether it takes the place of a file that is there. */
  readonly force: boolean;
}

/** Nobody else's to read. */
const MODE = 0o600;

/** What a file system that has no links answers. */
const NO_LINKS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/**
 * A file for the operator alone. It has its name once it is whole, so that half a list is never taken for all of it; until
 * then it has one that nobody can have prepared, and is a new file under it: no link is followed, and nobody else's kept.
 */
export async function wholeFileSink(destination: Destination): Promise<LineSink> {
  const partial = `${destination.path}.${randomUUID()}.partial`;
  const file = await open(partial, 'wx', MODE);
  return gathered({
    put: (text) => file.appendFile(text),
    async close() {
      await file.close();
      await place(partial, destination);
    },
    async abandon() {
      await file.close();
      await rm(partial, { force: true });
    },
  });
}

/** Refuses what is there already. By force, it refuses only what is no regular file. */
export async function assertFree({ path, force }: Destination): Promise<void> {
  const there = await lstat(path).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
  if (there === undefined) return;
  if (!there.isFile()) throw new Error(`${path} is no regular file: nothing takes its place`);
  if (!force) throw taken(path);
}

async function place(partial: string, destination: Destination): Promise<void> {
  const { path, force } = destination;
  await assertFree(destination);
  if (force) return rename(partial, path);
  try {
    // Unlike a rename, it never takes the place of what came meanwhile.
    await link(partial, path);
  } catch (error) {
    const code = codeOf(error);
    if (NO_LINKS.includes(code)) return rename(partial, path);
    throw code === 'EEXIST' ? taken(path) : error;
  }
  await rm(partial);
}

function taken(path: string): Error {
  return new Error(`There is a file ${path} already. To take its place: --force`);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
