import { setTimeout as pause } from 'node:timers/promises';
import { createClient, createCluster, defineScript } from 'redis';
import { connectionOptions, pauseMs } from './connection-options.ts';
import type { Commands } from './line.ts';
import { RATE_WINDOW } from './rate-window-script.ts';
import type { OnTrouble } from './trouble.ts';

export interface Connection {
  readonly commands: Commands;
  close(): Promise<void>;
}

const scripts = { rateWindow: defineScript(RATE_WINDOW) };

/** Connects, and connects again, for as long as it is open. */
export function connectServer(url: string, onTrouble: OnTrouble): Connection {
  const client = createClient({ ...connectionOptions(), url, scripts });
  client.on('error', onTrouble);
  // Ends without success only when it is closed.
  const connected = client.connect().catch(() => {});
  return {
    commands: client,
    async close() {
      client.destroy();
      await connected;
    },
  };
}

/** The same for a cluster. Each node is connected to when it is first needed, so that one that is gone holds up no other. */
export function connectCluster(nodes: readonly string[], onTrouble: OnTrouble): Connection {
  const closing = new AbortController();
  const cluster = createCluster({
    rootNodes: nodes.map((url) => ({ url })),
    defaults: { ...connectionOptions(), ...accessOf(nodes[0] ?? '') },
    commandOptions: { timeout: 0 },
    minimizeConnections: true,
    scripts,
  });
  cluster.on('error', onTrouble).on('node-error', onTrouble);
  const connected = discover(cluster, closing.signal);
  return {
    commands: cluster,
    async close() {
      closing.abort();
      cluster.destroy();
      await connected;
    },
  };
}

/** The nodes that a cluster names by itself are reached as the first that was given. */
function accessOf(node: string) {
  const { protocol, username, password } = new URL(node);
  return {
    ...(username !== '' && { username: decodeURIComponent(username) }),
    ...(password.length > 0 && { password: decodeURIComponent(password) }),
    socket: { ...connectionOptions().socket, ...(protocol === 'rediss:' && { tls: true as const }) },
  };
}

async function discover(cluster: { connect(): Promise<unknown> }, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      await cluster.connect();
      return;
    } catch {
      await pause(pauseMs(failures), undefined, { signal }).catch(() => {});
    }
  }
}
