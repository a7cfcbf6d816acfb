import type { Config } from '../../config/config.ts';
import { clockFinding } from './clock-finding.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

type ExaminedNode = Awaited<ReturnType<typeof import('../../redis/index.ts').examineNode>>;

const OLDEST_VERSION = [6, 2] as const;

export async function* cacheFindings({ cache }: Pick<Config, 'cache'>, now: () => Date): AsyncGenerator<Finding> {
  if (cache.kind === 'memory') {
    yield ok('cache', 'It is the memory of the process: right for one. A second process needs REDIS_URL.');
    return;
  }
  const { examineNode } = await import('../../redis/index.ts');
  for (const url of cache.nodes) {
    const { host } = new URL(url);
    try {
      const examined = await examineNode(url, now);
      yield nodeFinding(examined, cache.nodes.length > 1);
      yield clockFinding('cache-clock', `Redis at ${host}`, examined.clockAheadMs);
    } catch (error) {
      yield fail(
        'cache',
        `Redis at ${host} does not answer: ${error instanceof Error ? error.message : error}`,
        'REDIS_URL names its host, port, user and password. Until it answers, each process counts by itself.',
      );
    }
  }
}

function nodeFinding({ node, version, inCluster, maxMemory, evicts }: ExaminedNode, asCluster: boolean): Finding {
  const name = `Redis ${version} at ${node}`;
  if (isOlder(version)) return fail('cache', `${name} is too old.`, 'Give the service Redis 6.2 or later, or Valkey.');
  if (inCluster !== asCluster) {
    return fail(
      'cache',
      inCluster ? `${name} is a node of a cluster.` : `${name} is no node of a cluster.`,
      'REDIS_URL names one server, or two or more nodes of a cluster.',
    );
  }
  if (maxMemory > 0 && evicts === 'noeviction') {
    return warn('cache', `${name} refuses writes when it is full.`, 'Set maxmemory-policy to allkeys-lru.');
  }
  return ok('cache', `${name} answers.`);
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < OLDEST_VERSION[0] || (major === OLDEST_VERSION[0] && minor < OLDEST_VERSION[1]);
}
