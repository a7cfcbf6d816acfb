import { type Operation, operationsOf, wellFormed } from '../../http/every-operation.ts';
import type { V1World } from '../../http/v1-world.ts';
import type { Canaries } from './canaries.ts';

const OF_SECRETS = /token|password|secret|ticket|code|otp|key|state|verifier|signature/i;

/** Every operation with secrets that open nothing in all the places where secrets are sent, and where none should be. */
export async function badRequests(world: V1World, canaries: Canaries): Promise<number> {
  const document = await (await world.app.request('/openapi.json')).json();
  let calls = 0;
  for (const operation of operationsOf(document)) {
    for (const [body, type] of bodiesOf(operation, canaries)) {
      calls += 1;
      const env = envOf(calls, { ...headersWith(canaries), ...(body === undefined ? {} : contentOf(body, type)) });
      const url = `${pathOf(operation, canaries)}?access_token=${canaries.made('query')}`;
      const headers = env.incoming.headers;
      const init = { method: operation.method, headers, ...(body === undefined ? {} : { body }) };
      await world.app.request(url, init, env as never);
    }
  }
  return calls;
}

function bodiesOf({ body }: Operation, canaries: Canaries): readonly (readonly [string | undefined, string])[] {
  if (body === undefined) return [[undefined, '']];
  const secrets = Object.keys(body.schema.properties ?? {}).filter((name) => OF_SECRETS.test(name));
  const wrong = Object.fromEntries(secrets.map((name) => [name, canaries.made(name)]));
  const whole = JSON.stringify({ ...wellFormed(body.schema), ...wrong });
  const canary = canaries.made('broken-body');
  return [
    [whole, 'application/json'],
    [`${JSON.stringify({ password: canary }).slice(0, -1)}`, 'application/json'],
    [canary, 'application/json'],
    [JSON.stringify({ [canary]: { password: canary } }), 'application/json'],
    [whole, 'text/plain'],
    [`password=${canary}`, 'application/x-www-form-urlencoded'],
  ];
}

function headersWith(canaries: Canaries): Readonly<Record<string, string>> {
  return {
    authorization: `Bearer ${canaries.made('bearer')}`,
    cookie: `__Host-castellan-verifier=${canaries.made('cookie')}; session=${canaries.made('cookie')}`,
    'x-api-key': canaries.made('api-key'),
    'x-verifier': canaries.made('verifier'),
    'idempotency-key': canaries.made('idempotency-key'),
    'proxy-authorization': `Basic ${canaries.made('proxy')}`,
    traceparent: canaries.made('traceparent'),
    'x-request-id': canaries.made('request-id'),
  };
}

function contentOf(body: string, type: string): Readonly<Record<string, string>> {
  return { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) };
}

/** In place of every id. */
function pathOf({ template }: Operation, canaries: Canaries): string {
  return template.replaceAll(/\{\w+\}/g, () => canaries.made('path'));
}

/** Each from an address of its own: nothing is counted together. */
function envOf(call: number, headers: Readonly<Record<string, string>>) {
  return { incoming: { socket: { remoteAddress: `2001:db8:0:${call.toString(16)}::1` }, headers } };
}
