import type { Dialect } from '../../domain/events.ts';

const GATE = /^\/api\/v1\/(?:gate|pub)(?:\/|$)/;

/** In whose form a path is answered, whether or not there is anything at it. */
export function dialectOf(path: string): Dialect {
  return GATE.test(path) ? 'gate' : 'v1';
}
