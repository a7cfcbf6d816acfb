import { execFileSync, spawnSync } from 'node:child_process';
import { describe } from 'vitest';

const installed = spawnSync('oathtool', ['--version']).status === 0;

/** A suite that needs an authenticator app which is not ours. Without one it is skipped by its name. */
export const describeWithOathtool: typeof describe.skip = describe.skipIf(!installed);

/** The code that OATH Toolkit shows at this moment. */
export function oathCode(secret: string, at: Date): string {
  const now = `@${Math.floor(at.getTime() / 1000)}`;
  return execFileSync('oathtool', ['--totp', '--base32', '--now', now, secret], { encoding: 'utf8' }).trim();
}
