import { createRequire } from 'node:module';

/** Of the package, which finds itself by its name. */
export function version(): string {
  return createRequire(import.meta.url)('castellan/package.json').version;
}
