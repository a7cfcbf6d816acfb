import type { Server } from 'node:http';
import { type AddressInfo, Server as SocketServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import type { HttpEnvironment } from './environment.ts';

export interface HttpServer {
  readonly host: string;
  readonly port: number;
  /**
   * Keeps no connection alive any longer than its next answer. After `graceMs`, in which whoever has not yet looked
   * whether the app is ready still comes, takes no new connection, lets requests under way come to their end, and cuts
   * off what is left at the deadline.
   */
  stop(graceMs?: number): Promise<void>;
}

const HEADERS_TIMEOUT = 10_000;
/** The whole request, body included. */
const REQUEST_TIMEOUT = 30_000;
/** Longer than load balancers keep theirs, so that it is never this end that closes on a request. */
const KEEP_ALIVE_TIMEOUT = 65_000;
const DRAIN_DEADLINE = 10_000;
/** A client that is at work hears within it, with an answer, that its connection ends. */
const IDLE_SWEEP_INTERVAL = 200;

/** Rejects when the address cannot be listened on. Port 0 takes any free one. */
export async function startHttpServer(
  app: Hono<HttpEnvironment>,
  listen: { readonly host: string; readonly port: number },
  timeouts: { readonly request?: number; readonly drain?: number; readonly idle?: number } = {},
): Promise<HttpServer> {
  const request = timeouts.request ?? REQUEST_TIMEOUT;
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      headersTimeout: Math.min(HEADERS_TIMEOUT, request),
      requestTimeout: request,
      connectionsCheckingInterval: Math.min(1_000, request / 2),
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT,
    },
  }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explained(error, listen)));
    server.listen(listen.port, listen.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    host: listen.host,
    port,
    async stop(graceMs = 0) {
      server.prependListener('request', (_, answer) => {
        answer.shouldKeepAlive = false;
      });
      if (graceMs > 0) await pause(graceMs);
      await drained(server, timeouts.drain ?? DRAIN_DEADLINE, timeouts.idle ?? IDLE_SWEEP_INTERVAL);
    },
  };
}

function explained(
  error: NodeJS.ErrnoException,
  { host, port }: { readonly host: string; readonly port: number },
): Error {
  if (error.code !== 'EADDRINUSE') return error;
  return new Error(`Something else listens on ${host}:${port}. Stop it, or choose another PORT.`, { cause: error });
}

async function drained(server: Server, deadline: number, idle: number): Promise<void> {
  // Not `server.close()` itself: it cuts idle connections at once, and with them a next request that is on its way.
  const closed = new Promise<void>((resolve) => SocketServer.prototype.close.call(server, () => resolve()));
  const sweep = setInterval(() => server.closeIdleConnections(), idle);
  const cut = setTimeout(() => server.closeAllConnections(), deadline);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
