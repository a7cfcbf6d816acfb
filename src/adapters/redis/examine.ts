import { createClient } from 'redis';
import { connectionOptions } from './connection-options.ts';

export interface ExaminedNode {
  /** `host:port`, without user and password. */
  readonly node: string;
  /** As `redis_version` has it, which Valkey sets too. */
  readonly version: string;
  readonly inCluster: boolean;
  readonly maxMemory: number;
  /** What goes when the memory is full. */
  readonly evicts: string;
  /** How far the node's clock is ahead of `now`. */
  readonly clockAheadMs: number;
}

const DEADLINE_MS = 3000;

/** What one node says of itself. Rejects when it does not answer, or not in time. */
export async function examineNode(url: string, now: () => Date): Promise<ExaminedNode> {
  const { socket, ...options } = connectionOptions();
  const client = createClient({ ...options, url, socket: { ...socket, reconnectStrategy: false } });
  client.on('error', () => {});
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${DEADLINE_MS} ms`)), DEADLINE_MS);
  });
  try {
    return await Promise.race([client.connect().then(() => examined(client, url, now)), tooLate]);
  } finally {
    clearTimeout(timer);
    client.destroy();
  }
}

interface Asked {
  info(): Promise<string>;
  sendCommand(args: string[]): Promise<unknown>;
}

async function examined(client: Asked, url: string, now: () => Date): Promise<ExaminedNode> {
  const info = membersOf(await client.info());
  const asked = now().getTime();
  const [seconds, micros] = ((await client.sendCommand(['TIME'])) as readonly unknown[]).map(Number);
  const midway = (asked + now().getTime()) / 2;
  return {
    node: new URL(url).host,
    version: info.get('redis_version') ?? '',
    inCluster: info.get('cluster_enabled') === '1',
    maxMemory: Number(info.get('maxmemory') ?? 0),
    evicts: info.get('maxmemory_policy') ?? '',
    clockAheadMs: Math.round((seconds ?? 0) * 1000 + (micros ?? 0) / 1000 - midway),
  };
}

/** The lines of `INFO`. */
function membersOf(info: string): ReadonlyMap<string, string> {
  const lines = info.split('\r\n').filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}
