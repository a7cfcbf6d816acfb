import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection, requestText } from './connection.ts';

const POLL_MS = 4;
const PATIENCE_MS = 20_000;

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Settles when `GET path` is first answered with a 2xx. */
export async function answering(port: number, path: string): Promise<void> {
  const request = requestText({ method: 'GET', path });
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      const connection = await Connection.open(port);
      await connection.send(request).finally(() => connection.close());
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(POLL_MS);
    }
  }
}
