import { readFile, writeFile } from 'node:fs/promises';

const BYTES_PER_KIB = 1024;
const MEGABYTE = 1_000_000;

/** What a process keeps resident, and the most that it ever did, in megabytes (proc(5)). */
export async function residentMemory(pid: number): Promise<{ readonly now: number; readonly peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string) => {
    const [, kib = ''] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
    return Math.round((Number(kib) * BYTES_PER_KIB) / MEGABYTE);
  };
  return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

/** From here on `peak` is of what is yet to come (proc(5), `clear_refs`). */
export function forgetPeak(pid: number): Promise<void> {
  return writeFile(`/proc/${pid}/clear_refs`, '5');
}
