import type { Context } from 'hono';
import type { HttpEnvironment } from '../environment.ts';
import { cameByProxy } from './came-by-proxy.ts';
import { parseIpAddress } from './ip-address.ts';

const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/** Whether somebody asks from this machine: a loopback peer that asks for a loopback name, and by no proxy. */
export function isLocal(c: Context<HttpEnvironment>): boolean {
  const incoming = c.env?.incoming;
  if (incoming === undefined) return false;
  return (
    parseIpAddress(incoming.socket.remoteAddress ?? '')?.bytes.range() === 'loopback' &&
    LOOPBACK_HOST.test(incoming.headers.host ?? '') &&
    !cameByProxy(incoming)
  );
}
