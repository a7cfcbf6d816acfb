import { execFileSync } from 'node:child_process';
import type { TestServer } from '../server-search.ts';
import { RedisProcess } from './process.ts';

/** The server on the PATH. */
export async function installedServer(): Promise<TestServer> {
  const version = installedVersion();
  if (version === undefined) throw new Error('no redis-server on the PATH');
  const server = await RedisProcess.start();
  return {
    url: server.url,
    description: `throwaway redis-server ${version}`,
    outlivesTheRun: false,
    stop: () => server.kill(),
  };
}

export function installedVersion(): string | undefined {
  try {
    return /v=(\S+)/.exec(execFileSync('redis-server', ['--version'], { encoding: 'utf8' }))?.[1];
  } catch {
    return undefined;
  }
}
