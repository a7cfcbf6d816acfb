import type { IncomingHttpHeaders } from 'node:http';

const FORWARDING_HEADER = /^(?:forwarded|via|x-forwarded-.*|x-real-ip)$/;

/** Whether something between us and the client says that it is there: then the peer's address is not the client's. */
export function cameByProxy({ headers }: { readonly headers: IncomingHttpHeaders }): boolean {
  return Object.keys(headers).some((name) => FORWARDING_HEADER.test(name));
}
