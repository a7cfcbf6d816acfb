import type { Context } from 'hono';
import type { HttpEnvironment } from '../environment.ts';

/**
 * Sets a header of the answer before there is one. Under a server it goes to Node's own answer, past the `Headers`
 * object that would be built, sorted and copied for every request; a header of the same name in the `Response` wins.
 */
export function setAnswerHeader(c: Context<HttpEnvironment>, name: string, value: string): void {
  const outgoing = c.env?.outgoing;
  if (outgoing === undefined) c.header(name, value);
  else outgoing.setHeader(name, value);
}
