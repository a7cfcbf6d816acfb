import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filled } from '../../src/cli/line-sink.ts';
import { wholeFileSink } from '../../src/cli/whole-file-sink.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'castellan-test-sink-'));
  path = join(folder, 'lines');
});
afterEach(() => rm(folder, { recursive: true }));

const write = async (line: string, { force = false, meanwhile = async () => {} } = {}): Promise<void> =>
  filled(await wholeFileSink({ path, force }), async (sink) => {
    await sink.write(line);
    await meanwhile();
  });

describe('a file that is written whole', () => {
  it('is the operator’s alone from its first moment, and has its name at the end', async () => {
    await write('x', {
      meanwhile: async () => {
        const [name = ''] = await readdir(folder);
        expect(name).toMatch(/^lines\.[\w-]{20,}\.partial$/);
        expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
      },
    });
    expect(await readdir(folder)).toEqual(['lines']);
    expect(await readFile(path, 'utf8')).toBe('x\n');
  });

  it('leaves nothing behind where it fails in the middle', async () => {
    const failure = new Error('no more people');
    await expect(write('x', { meanwhile: () => Promise.reject(failure) })).rejects.toBe(failure);
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes no place that was taken meanwhile', async () => {
    await expect(write('second', { meanwhile: () => write('first') })).rejects.toThrow('--force');
    expect(await readFile(path, 'utf8')).toBe('first\n');
    expect(await readdir(folder)).toEqual(['lines']);
  });

  it('is one of sixteen at once', async () => {
    const { refused } = await sixteenAtOnce((index) => write(`${index}`));
    expect(refused).toHaveLength(15);
    for (const reason of refused) expect(String(reason)).toContain('--force');
    expect(await readdir(folder)).toEqual(['lines']);
  });
});
