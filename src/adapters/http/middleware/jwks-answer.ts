import type { Context } from 'hono';
import type { Jwks } from '../../../ports/token-signer.ts';
import type { HttpEnvironment } from '../environment.ts';
import { giveReadyMade, type ReadyMade, readyMade } from './ready-made.ts';

const made = new WeakMap<Jwks, ReadyMade>();

/** The public keys, made into text once for as long as they are the same. */
export function jwksAnswer(c: Context<HttpEnvironment>, jwks: Jwks): Response {
  let answer = made.get(jwks);
  if (answer === undefined) {
    answer = readyMade({
      body: JSON.stringify(jwks),
      contentType: 'application/json',
      cacheControl: 'public, max-age=300',
    });
    made.set(jwks, answer);
  }
  return giveReadyMade(c, answer);
}
