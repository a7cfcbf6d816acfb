import { afterAll, describe, expect, it } from 'vitest';
import { ErrorView, InvalidInputView } from '../../src/adapters/http/gate/gate-schemas.ts';
import { Problem } from '../../src/adapters/http/v1/documented.ts';
import { anAddress, aService, OWNER, PASSWORD } from '../security/a-service.ts';
import { deep, hostileIds, hostileValues, LARGE, NOT_JSON, oddHeaders } from './bad-input.ts';
import { type Operation, operationsOf, type Schema, send, wellFormed } from './every-operation.ts';

const service = await aService();
afterAll(() => service[Symbol.asyncDispose]());
const operations = operationsOf((await service.call('GET', '/openapi.json')).body);
const walked = new Set<string>();

const OF_THE_PLATFORM = /^\/api\/v1\/(?:projects|modules|tenants\/.*block|auth\/impersonate)/;
/** What anything may be asked for in. */
const FREE_QUERIES = ['search', 'role', 'entityId'];

/** Whoever may call: somebody new with a proven address, or the owner of the platform where only they may. */
async function credentials({ template, gate, security }: Operation): Promise<Record<string, string>> {
  service.clock.advance(61);
  const key = gate && security.some((scheme) => 'apiKey' in scheme) ? { 'x-api-key': service.key } : {};
  if (!security.some((scheme) => 'bearer' in scheme)) return key;
  const body = { email: anAddress(), password: PASSWORD };
  if (key['x-api-key'] !== undefined) {
    const made = await service.gate('POST', 'gate/register', { body, headers: { 'X-Client-Address': anyAddress() } });
    return { ...key, authorization: `Bearer ${made.body.access_token}` };
  }
  if (OF_THE_PLATFORM.test(template)) {
    const made = await service.v1('POST', '/auth/login', { body: OWNER });
    return { authorization: `Bearer ${made.body.accessToken}` };
  }
  const made = await service.v1('POST', '/auth/register', { body });
  const proof = { token: await service.linkTo(body.email, 'verify-email') };
  await service.v1('POST', '/auth/verify-email', { body: proof });
  return { authorization: `Bearer ${made.body.accessToken}` };
}

let addresses = 0;
/** The hard cap of the Gate counts every client by itself. */
function anyAddress(): string {
  addresses += 1;
  return `2001:db8:${(addresses >> 16).toString(16)}:${(addresses & 0xffff).toString(16)}::1`;
}

interface Sent {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly chunked?: boolean;
}

/** Calls as somebody who may, and holds the answer against what the API promises of every answer. */
async function called(operation: Operation, sent: Sent, who: Readonly<Record<string, string>>) {
  const headers = {
    ...(operation.gate ? { 'x-client-address': anyAddress() } : {}),
    ...(sent.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...who,
    ...sent.headers,
  };
  const path = sent.path ?? operation.pathWith(service.project.id);
  const answer = await send(service.url, operation.method, path, { ...sent, headers });
  const at = `${operation.name} ${JSON.stringify(sent).slice(0, 200)} → ${answer.status} ${answer.text.slice(0, 300)}`;
  expect(answer.status, at).toBeLessThan(500);
  expect(answer.headers['x-request-id'], at).toMatch(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
  const described = operation.responses[answer.status];
  if (described === undefined) expect.fail(`not described: ${at}`);
  const mediaType = answer.headers['content-type']?.split(';')[0];
  if (mediaType === undefined) expect(described.content, at).toBeUndefined();
  else expect(Object.keys(described.content ?? {}), at).toContain(mediaType);
  for (const name of [
    'ratelimit',
    'ratelimit-policy',
    'retry-after',
    'www-authenticate',
    'etag',
    'link',
    'x-request-id',
  ]) {
    if (name in answer.headers) expect(described.headerNames, at).toContain(name);
  }
  if (answer.status >= 400) expectTheDialectsForm(operation, answer, at);
  return answer;
}

function expectTheDialectsForm(operation: Operation, answer: Awaited<ReturnType<typeof send>>, at: string): void {
  if (operation.gate) {
    const form = answer.status === 422 ? InvalidInputView : ErrorView;
    expect(form.strict().safeParse(answer.body).error, at).toBeUndefined();
    return;
  }
  const problem = Problem.strict().safeParse(answer.body);
  expect(problem.error, at).toBeUndefined();
  expect(problem.data?.status, at).toBe(answer.status);
  expect((problem.data?.errors ?? []).length > 0, at).toBe(problem.data?.type.endsWith('/validation-error'));
}

const refusalOfShape = (operation: Operation) => (operation.gate ? 422 : 400);

describe.each(operations.map((operation) => [operation.name, operation] as const))('%s', (name, operation) => {
  it('refuses bad input in the form of its API, as the document says, and never by accident', async () => {
    walked.add(name);
    let who = await credentials(operation);
    const call = async (sent: Sent) => {
      const answer = await called(operation, sent, who);
      // What succeeded may have ended the session that it was made in.
      if (answer.status < 300 && operation.method !== 'GET') who = await credentials(operation);
      return answer;
    };

    for (const [header, value] of oddHeaders(operation)) await call({ headers: { [header]: value } });
    for (const path of operation.pathsWith(service.project.id, hostileIds)) {
      const { status } = await call({ path });
      expect(status, path).toBeGreaterThanOrEqual(400);
    }
    for (const query of operation.queries) {
      for (const value of ['', '0', '-1', "1'--", '1e3', '%00', '%F0%9F%92%A9', '9'.repeat(30), 'x&limit=1', '[]']) {
        const { status } = await call({ path: `${operation.pathWith(service.project.id)}?${query}=${value}` });
        if (!FREE_QUERIES.includes(query)) expect(status, `${query}=${value}`).toBe(400);
      }
    }

    if (operation.body === undefined) {
      await call({ body: '{', headers: { 'content-type': 'application/json' } });
      return;
    }
    const { schema, required } = operation.body;
    const good = wellFormed(schema);
    for (const body of NOT_JSON) expect((await call({ body })).status, String(body)).toBe(400);
    if (required) expect((await call({ body: '' })).status).toBe(400);
    for (const body of [LARGE, JSON.stringify({ ...good, more: 'x'.repeat(65_536) })]) {
      expect((await call({ body })).status).toBe(413);
      expect((await call({ body, chunked: true })).status).toBe(413);
    }
    const form = operation.takesForms ? [] : ['application/x-www-form-urlencoded'];
    for (const type of ['text/plain', 'application/xml', 'application/jsonx', ...form, '']) {
      expect((await call({ body: JSON.stringify(good), headers: { 'content-type': type } })).status, type).toBe(415);
    }
    const wrong = ['[]', '[{}]', 'null', '"text"', '1', 'true', deep(good), ...hostileValues(good)];
    for (const body of wrong) expect((await call({ body })).status, body.slice(0, 80)).toBe(refusalOfShape(operation));
    for (const field of schema.required ?? []) {
      const { [field]: _, ...rest } = good;
      expect((await call({ body: JSON.stringify(rest) })).status, `without ${field}`).toBe(refusalOfShape(operation));
    }
    for (const [field, property] of Object.entries<Schema>(schema.properties ?? {})) {
      for (const value of [null, 5, -1.5e300, true, 'x'.repeat(5_000), "' OR 1=1 --", [], [[]], {}, { length: 1 }]) {
        const { status } = await call({ body: JSON.stringify({ ...good, [field]: value }) });
        const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
        const fits = property.types.includes(type);
        if (!fits) expect(status, `${field} ${JSON.stringify(value)}`).toBe(refusalOfShape(operation));
      }
    }
  });
});

it('no route is left out of the walk', () => {
  const served = service.app.routes
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/v1/'))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  expect([...walked].sort()).toEqual([...new Set(served)].sort());
});
