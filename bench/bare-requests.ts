import { requestText } from './connection.ts';
import type { World } from './world.ts';

const BODY_LENGTH = 700;

export const BARE_GET = [requestText({ method: 'GET', path: '/bare' })];

/** 700 bytes of JSON. */
export const BARE_POST = [
  requestText({ method: 'POST', path: '/bare', json: { text: 'x'.repeat(BODY_LENGTH - '{"text":""}'.length) } }),
];

/** A route that reads one row by its key. */
export function bareReads({ projectId, people }: World): readonly string[] {
  return people.map(({ userId }) => requestText({ method: 'GET', path: `/read/${userId}?project=${projectId}` }));
}
