import { readFileSync } from 'node:fs';

/** Of the package, which is as far away from the source as from the build. */
export function version(): string {
  return JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')).version;
}
