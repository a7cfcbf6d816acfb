import { open, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Somebody else has the folder. The message is for the operator. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';
}

/** A pid does not tell two uses by one process apart, nor a container from the one before it: both are number 1. */
const heldHere = new Set<string>();

/**
 * Keeps a second process out of the folder, for as long as the first one lives: the embedded database itself would let
 * both in and lose what one of them wrote. Answers how to give the folder back.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(resolve(folder), 'castellan.pid');
  while (!(await wrote(file))) {
    const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
    if (heldHere.has(file) || (pid !== process.pid && isAlive(pid))) {
      throw new FolderInUse(`${folder} is in use by process ${pid}. If that is not Castellan, remove ${file}`);
    }
    await rm(file, { force: true });
  }
  heldHere.add(file);
  return async () => {
    heldHere.delete(file);
    await rm(file, { force: true });
  };
}

/** Whether the lock is ours; it is one step to find it free and to take it. */
async function wrote(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(`${process.pid}\n`);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
