import type { ExternalIdentity } from '../../src/ports/auth-provider.ts';
import { anIdentity, answerOfProvider } from '../support/a-provider.ts';
import { anOwner, type Person, protect } from './v1-people.ts';
import { ACME, type Answer, type Call, RETURN_TO, type V1World } from './v1-world.ts';

/** Somebody is on the way to a provider. */
export interface Begun {
  readonly redirectUrl: string;
  readonly state: string;
  readonly verifier: string;
  /** Of a wallet. */
  readonly message: string;
}

export async function begun(world: V1World, path: string, given: Call = {}): Promise<Begun> {
  return (await world.call('POST', path, { body: {}, ...given })).body;
}

/** What the person comes back with, when they have signed in there. */
export function parametersOf(
  started: Pick<Begun, 'redirectUrl' | 'state'>,
  identity: ExternalIdentity = anIdentity(),
): Record<string, string> {
  return { ...answerOfProvider(started, identity).parameters };
}

export function callback(world: V1World, parameters: Record<string, string>, given: Call = {}): Promise<Answer> {
  return world.call('GET', `/auth/callback/${ACME}?${new URLSearchParams(parameters)}`, given);
}

/** Signs in, there and here, without a browser. */
export async function comeBy(world: V1World, identity: ExternalIdentity): Promise<Answer> {
  const started = await begun(world, `/auth/login/${ACME}`);
  return callback(world, parametersOf(started, identity), { headers: { 'X-Verifier': started.verifier } });
}

/** Somebody has come back through a browser. */
export async function anExchangeCode(
  world: V1World,
  provider = ACME,
  identity = anIdentity(),
): Promise<{ readonly code: string; readonly verifier: string }> {
  const started = await begun(world, `/auth/login/${provider}`, { body: { returnTo: RETURN_TO } });
  const query = new URLSearchParams(parametersOf(started, identity));
  const { headers } = await world.call('GET', `/auth/callback/${provider}?${query}`);
  const code = new URL(headers.get('Location') ?? '').searchParams.get('code') ?? '';
  return { code, verifier: started.verifier };
}

/** Of somebody who is signed in: theirs from then on. */
export async function aLink(
  world: V1World,
  { id, token }: Pick<Person, 'id' | 'token'>,
  provider = ACME,
  identity = anIdentity(),
): Promise<Answer> {
  const path = `/users/${id}/providers/${provider}`;
  const started = await begun(world, path, { token });
  return world.post(path, { ...parametersOf(started, identity), verifier: started.verifier }, { token });
}

/** Somebody with an authenticator app has come by a provider. */
export async function anMfaChallenge(world: V1World, provider = ACME) {
  const person = await anOwner(world);
  const identity = anIdentity();
  await aLink(world, person, provider, identity);
  const code = await protect(world, person);
  const { body } = await world.post('/auth/exchange', await anExchangeCode(world, provider, identity));
  return { person, challengeToken: body.challengeToken as string, code };
}
