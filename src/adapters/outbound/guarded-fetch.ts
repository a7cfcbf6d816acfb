import type { Response as Answer, RequestInit } from 'undici';
import { IamError } from '../../domain/errors.ts';
import { addressInUrl } from './address-in-url.ts';
import { guardedLookup, type Resolve, systemResolve } from './guarded-lookup.ts';
import { isPublicAddress } from './public-address.ts';

/** Asks somebody whose address somebody else has given. Rejects with `unavailable` unless there is a whole answer. */
export type GuardedFetch = (url: string, request: OutboundRequest) => Promise<Response>;

export interface OutboundRequest extends Pick<RequestInit, 'method' | 'signal'> {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RequestInit['body'] | undefined;
}

export interface GuardedFetchOptions {
  /** Whether plain HTTP and addresses of the own network may be asked. */
  readonly allowPrivate: boolean;
  /** For everything together: finding, connecting, asking, and the last byte of the answer. */
  readonly deadlineMs?: number;
  readonly maxBytes?: number;
  /** What there is to an answer. `head`: status and headers alone; nothing of what follows is waited for or kept. */
  readonly answers?: 'whole' | 'head';
  readonly resolve?: Resolve;
}

const DEADLINE_MS = 5_000;
const MAX_BYTES = 256 * 1024;
const RETRY_AFTER_SECONDS = 5;

/**
 * Reaches the open network alone (OWASP SSRF Prevention Cheat Sheet; ASVS 1.3.6, 15.3.2): HTTPS, public addresses, at
 * any port; what is connected to is the address that was looked at. No redirect is followed, no proxy of the
 * environment asked, no answer read beyond its bound or its deadline.
 */
export function guardedFetch({
  allowPrivate,
  deadlineMs = DEADLINE_MS,
  maxBytes = MAX_BYTES,
  answers = 'whole',
  resolve = systemResolve,
}: GuardedFetchOptions): GuardedFetch {
  const mayReach = (address: string) => allowPrivate || isPublicAddress(address);
  const load = async () => {
    const { Agent, fetch } = await import('undici');
    const lookup = guardedLookup(resolve, mayReach);
    return { fetch, dispatcher: new Agent({ connect: { lookup, timeout: deadlineMs } }) };
  };
  // Not before somebody asks: a process that asks nobody does not load the client.
  let client: ReturnType<typeof load> | undefined;

  function assertMayAsk(target: URL): void {
    const { protocol } = target;
    if (protocol !== 'https:' && !(allowPrivate && protocol === 'http:')) throw new Error('only HTTPS is asked');
    const address = addressInUrl(target);
    if (address !== undefined && !mayReach(address)) throw new Error('the address is not public');
  }

  async function ask(url: string, { headers, signal, body = null, ...request }: OutboundRequest): Promise<Response> {
    const target = new URL(url);
    assertMayAsk(target);
    client ??= load();
    const { fetch, dispatcher } = await client;
    const deadline = AbortSignal.timeout(deadlineMs);
    const answer = await fetch(target, {
      ...request,
      body,
      headers: { ...headers, 'accept-encoding': 'identity', 'user-agent': 'castellan' },
      redirect: 'manual',
      signal: signal ? AbortSignal.any([deadline, signal]) : deadline,
      dispatcher,
    });
    const head = { status: answer.status, headers: [...answer.headers] };
    if (answers === 'head') {
      await answer.body?.cancel();
      return new Response(null, head);
    }
    if (answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel();
      throw new Error('a redirect is not followed');
    }
    return new Response(await bodyOf(answer, maxBytes), head);
  }

  return (url, request) =>
    ask(url, request).catch((cause: unknown) => {
      const error = new IamError('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS });
      error.cause = cause;
      throw error;
    });
}

/** Counted after decompression: what is small on the wire may be large here. */
async function bodyOf({ body }: Answer, maxBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return size === 0 ? null : Buffer.concat(chunks);
}
