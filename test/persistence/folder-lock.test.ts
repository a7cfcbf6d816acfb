import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/adapters/persistence/embedded/folder-lock.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';

describe('the lock of a data folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'castellan-lock-test-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const holdBy = (pid: number | string | undefined) => writeFile(join(folder, 'castellan.pid'), `${pid}\n`);

  it('is had by one of sixteen, and free again when that one has given it back', async () => {
    const { succeeded, refused } = await sixteenAtOnce(() => lockFolder(folder));
    expect(succeeded).toHaveLength(1);
    for (const error of refused) expect(error).toMatchObject({ name: 'FolderInUse' });

    await succeeded[0]?.();
    expect(await readdir(folder)).toEqual([]);
    await (await lockFolder(folder))();
  });

  it('is not had while the process that holds it lives, which the message names with the folder', async () => {
    await holdBy(process.ppid);

    await expect(lockFolder(folder)).rejects.toMatchObject({
      message: expect.stringMatching(new RegExp(`${folder} .* ${process.ppid}\\.`)),
    });
  });

  it('is taken over from a process that is gone, by one of sixteen', async () => {
    const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(gone, 'exit');
    await holdBy(gone.pid);

    const { succeeded } = await sixteenAtOnce(() => lockFolder(folder));

    expect(succeeded).toHaveLength(1);
    await succeeded[0]?.();
  });

  it('is taken over from an earlier process of the same number, as in a restarted container', async () => {
    await holdBy(process.pid);

    await (await lockFolder(folder))();
  });

  it('is taken over where it says nothing', async () => {
    await holdBy('');

    await (await lockFolder(folder))();
  });
});
