import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';

const installed = spawnSync('promtool', ['--version']).status === 0;

/** A suite that needs the tool that comes with Prometheus. Without it it is skipped by its name. */
export const describeWithPromtool: typeof describe.skip = describe.skipIf(!installed);

/** What it finds wrong; `''` when it is content. */
export function promtool(args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return status === 0 && stderr === '' ? '' : `${stdout}${stderr}`;
}
