import { execFileSync, spawnSync } from 'node:child_process';
import { describe } from 'vitest';

const installed = ['rsvg-convert', 'zbarimg'].every((program) => spawnSync(program, ['--version']).status === 0);

/** A suite that needs something to draw a QR code and something to scan it. Without them it is skipped by its name. */
export const describeWithQrScanner: typeof describe.skip = describe.skipIf(!installed);

/** What a camera sees in the drawing. */
export function scanned(svg: string): string {
  const drawing = execFileSync('rsvg-convert', { input: svg });
  return execFileSync('zbarimg', ['--quiet', '--raw', '-'], {
    input: drawing,
    encoding: 'utf8',
    // It complains of a desktop that is not there.
    stdio: ['pipe', 'pipe', 'ignore'],
  }).trim();
}
