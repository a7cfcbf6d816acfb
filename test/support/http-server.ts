import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSigned } from './self-signed.ts';

type RunningServer = AsyncDisposable & { readonly port: number };

/** A real HTTP server on a free loopback port, which leaves nobody hanging when it goes. */
export function anHttpServer(listener: RequestListener): Promise<RunningServer> {
  return running(createServer(listener));
}

/** The same over TLS, with a certificate that nobody but itself vouches for. */
export function anUntrustedServer(listener: RequestListener): Promise<RunningServer> {
  return running(createSecureServer(selfSigned(), listener));
}

async function running(
  server: Pick<Server, 'listen' | 'address' | 'close' | 'closeAllConnections'> & NodeJS.EventEmitter,
): Promise<RunningServer> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
