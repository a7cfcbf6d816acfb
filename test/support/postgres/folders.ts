import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'castellan-test-postgres-';

/** A temporary folder that names the process it belongs to. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), PREFIX));
  await writeFile(join(folder, 'owner'), String(process.pid));
  return folder;
}

/** Stops and removes what runs that were killed have left behind. */
export async function removeLeftovers(): Promise<void> {
  const names = await readdir(tmpdir());
  for (const name of names.filter((candidate) => candidate.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    const owner = await pidIn(join(folder, 'owner'));
    if (owner === undefined || isAlive(owner)) continue;
    const server = await pidIn(join(folder, 'data', 'postmaster.pid'));
    if (server !== undefined && (await runsIn(server, folder))) process.kill(server, 'SIGQUIT');
    // Somebody else's folder is theirs to remove.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 }).catch(() => {});
  }
}

async function pidIn(file: string): Promise<number | undefined> {
  const [line] = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  return line ? Number(line) : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A pid is given out again after a while: only a command line that names the folder is the server. */
async function runsIn(pid: number, folder: string): Promise<boolean> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).includes(folder);
}
