import type { Answer, Call, V1World } from '../http/v1-world.ts';

/** A request, whoever makes it. */
export interface Sent {
  readonly method: string;
  /** Of v1, or with `/api` at its start of the other API. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of the caller's own. */
  readonly token?: string;
}

export const get = (path: string): Sent => ({ method: 'GET', path });
export const post = (path: string, body?: unknown): Sent => ({ method: 'POST', path, body });
export const patch = (path: string, body: unknown): Sent => ({ method: 'PATCH', path, body });
export const del = (path: string): Sent => ({ method: 'DELETE', path });

/** Who calls, and from where. */
export type By = Pick<Call, 'token' | 'headers' | 'address'>;

export function send(world: Pick<V1World, 'call'>, { method, path, ...sent }: Sent, by: By): Promise<Answer> {
  return world.call(method, path, { ...by, ...sent, headers: { ...by.headers, ...sent.headers } });
}
