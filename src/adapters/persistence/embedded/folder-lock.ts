import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Somebody else has the folder. The message is for the operator. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
}

/** A pid tells neither two uses by one process apart, nor a container from the one before it: both are number 1. */
const heldHere = new Set<string>();

/**
 * Keeps a second process out of the folder for as long as the first one lives: the embedded database would let both in
 * and lose what one of them wrote. Answers how to give the folder back.
 * @throws FolderInUse
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(resolve(folder), 'castellan.pid');
  if (heldHere.has(file)) throw new FolderInUse(`${folder} is in use by this process, ${process.pid}`);
  heldHere.add(file);
  try {
    while (!(await take(file))) {
      const pid = await pidIn(file);
      if (pid !== process.pid && isAlive(pid)) {
        throw new FolderInUse(
          `${folder} is in use by process ${pid}. Stop it first; if that is not Castellan, remove ${file}`,
        );
      }
      await clear(file, pid);
    }
  } catch (error) {
    heldHere.delete(file);
    throw error;
  }
  return async () => {
    await rm(file, { force: true });
    heldHere.delete(file);
  };
}

/** Whether the lock is ours. It is there with its content or not at all: nobody finds it half-written. */
async function take(file: string): Promise<boolean> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${process.pid}\n`, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes the lock of a process that is gone, unless somebody was faster: then it is theirs again. */
async function clear(file: string, gone: number): Promise<void> {
  const aside = `${file}.${process.pid}.stale`;
  await rename(file, aside).catch(() => {});
  if (!Object.is(await pidIn(aside), gone)) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

/** `NaN` where there is none. */
async function pidIn(file: string): Promise<number> {
  return Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
}

function isAlive(pid: number): boolean {
  if (Number.isNaN(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
