import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anId } from '../support/builders.ts';
import { type Answer, anAddress, aService, OWNER, PASSWORD, type TestService } from './a-service.ts';

interface Operation {
  readonly method: string;
  readonly template: string;
  /** With its parameters filled in. */
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly hasBody: boolean;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const JWKS = /jwks\.json$/;
const TAKES_FORMS = /\/auth\/callback\//;

let service: TestService;
// biome-ignore lint/suspicious/noExplicitAny: the document is what is looked into
let openApi: any;
let operations: readonly Operation[];
beforeAll(async () => {
  service = await aService();
  openApi = (await service.call('GET', '/openapi.json')).body;
  operations = Object.entries<Record<string, Record<string, unknown>>>(openApi.paths).flatMap(([template, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      template,
      path: template.replace('{project_id}', service.project.id).replaceAll(/\{\w+\}/g, () => anId<string>()),
      parameters: (operation.parameters ?? []) as Operation['parameters'],
      security: (operation.security ?? []) as Operation['security'],
      hasBody: operation.requestBody !== undefined,
    })),
  );
  expect(operations.length).toBeGreaterThan(35);
});
afterAll(() => service[Symbol.asyncDispose]());

const asks = ({ security }: Operation, scheme: 'apiKey' | 'bearer') => security.some((given) => scheme in given);
/** A scheme of nothing is met by everybody. */
const isOpen = ({ security }: Operation) =>
  security.length === 0 || security.some((scheme) => Object.keys(scheme).length === 0);
const keyFor = (operation: Operation): Record<string, string> =>
  asks(operation, 'apiKey') ? { 'X-API-Key': service.key } : {};
const called = (operation: Operation, headers: Record<string, string> = {}): Promise<Answer> =>
  service.call(operation.method, operation.path, {
    headers: { 'X-Client-Address': anyAddress(), ...headers },
    ...(operation.hasBody ? { body: {} } : {}),
  });
let addresses = 0;
/** The hard cap of the Gate counts every client by itself. */
function anyAddress(): string {
  addresses += 1;
  return `2001:db8:${addresses.toString(16)}::1`;
}

function answersAt({ template }: Operation, path: string): boolean {
  return new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);
}

describe('every route of the APIs', () => {
  it('is in the OpenAPI document: there is no other way in', () => {
    const served = service.app.routes
      .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/v1/'))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    const described = operations.map(({ method, template }) => `${method} ${template}`);
    expect([...new Set(served)].sort()).toEqual([...described].sort());
  });

  it('refuses whoever lacks the credentials that it asks for', async () => {
    for (const operation of operations.filter((operation) => !isOpen(operation))) {
      const at = `${operation.method} ${operation.path}`;
      expect((await called(operation)).status, at).toBe(401);
      if (asks(operation, 'bearer')) expect((await called(operation, keyFor(operation))).status, at).toBe(401);
    }
  });

  it('forbids caching and sniffing, names no referrer and sets no cookie, whatever it answers', async () => {
    const email = anAddress();
    const body = { email, password: PASSWORD };
    const answers: Answer[] = [
      await service.gate('POST', 'gate/register', { body }),
      await service.gate('POST', 'gate/login', { body }),
      await service.v1('POST', '/auth/login', { body: OWNER }),
      await service.v1('POST', '/auth/register', { body }),
    ];
    const token = answers[3]?.body.accessToken;
    const owner = answers[2]?.body.accessToken;
    const key = { name: 'k', permissions: ['auth'] };
    answers.push(
      await service.v1('GET', '/auth/me', { token }),
      await service.v1('GET', '/auth/sessions', { token }),
      await service.v1('POST', `/projects/${service.project.id}/api-keys`, { token: owner, body: key }),
      await service.v1('POST', '/auth/logout', { token }),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 201, 200, 200, 201, 204]);
    for (const operation of operations.filter(({ template }) => !JWKS.test(template))) {
      answers.push(await called(operation), await called(operation, keyFor(operation)));
    }
    for (const { headers } of answers) {
      expect(headers.get('Cache-Control')).toBe('no-store');
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('Referrer-Policy')).toBe('no-referrer');
      expect(headers.get('Set-Cookie')).toBeNull();
    }
  });

  it('answers to its own methods alone, and says which they are', async () => {
    for (const { template, path } of operations) {
      const allowed = operations.filter((other) => answersAt(other, path)).map(({ method }) => method);
      for (const method of METHODS.filter((other) => !allowed.includes(other))) {
        const answer = await service.call(method, path);
        expect(answer.status, `${method} ${template}`).toBe(405);
        expect(answer.headers.get('Allow')?.split(', '), template).toEqual(expect.arrayContaining(allowed));
      }
    }
  });

  it.each(['TRACE', 'TRACK', 'OPTIONS', 'PROPFIND'])('gives nothing away to %s', async (method) => {
    for (const path of ['/', '/api/v1/auth/me', `/api/v1/gate/${service.project.id}/auth/login`]) {
      const { status, text } = await rawRequest(method, path);
      expect(status, path).toBeGreaterThanOrEqual(400);
      expect(status, path).toBeLessThan(500);
      expect(text).not.toContain('canary');
    }
  });

  it('takes a body as JSON alone, which no page of another origin can send without asking', async () => {
    const open = operations.filter(
      (operation) => operation.hasBody && (isOpen(operation) || !asks(operation, 'bearer')),
    );
    expect(open.length).toBeGreaterThan(10);
    const others = ['text/plain', 'multipart/form-data; boundary=x', ''];
    for (const operation of open) {
      // Providers submit forms. What comes of one goes to nobody but whoever has the verifier.
      const forms = TAKES_FORMS.test(operation.template) ? [] : ['application/x-www-form-urlencoded'];
      for (const type of [...others, ...forms]) {
        const answer = await called(operation, { ...keyFor(operation), 'Content-Type': type });
        expect(answer.status, `${operation.template} ${type}`).toBe(415);
      }
    }
  });

  it('has no place for a secret in its address', () => {
    const inAddress = operations
      .flatMap(({ parameters }) => parameters)
      .filter((parameter) => parameter.in !== 'header');
    const names = new Set(inAddress.map(({ name }) => name));
    const ofResources = ['eventId', 'id', 'keyId', 'kid', 'name', 'project_id', 'providerId', 'role'];
    const ofLists = ['cursor', 'includeDeleted', 'limit', 'search', 'status'];
    const ofTheTrail = ['action', 'entityId', 'entityType', 'from', 'to', 'userId'];
    const ofTheLineOfEvents = ['after', 'type'];
    // A browser carries these between us and a provider (RFC 6749 §4.1.2): without the verifier they open nothing.
    const ofRoundTrips = ['code', 'error', 'iss', 'projectId', 'returnTo', 'state'];
    const known = [...ofResources, ...ofLists, ...ofTheTrail, ...ofTheLineOfEvents, ...ofRoundTrips, 'force'];
    expect([...names].sort()).toEqual(known.sort());
  });

  it('asks for no hint and no security question', () => {
    expect(JSON.stringify(openApi)).not.toMatch(/"[^"]*(?:hint|question|answer|birth|maiden)[^"]*":/i);
  });
});

/** As no browser and no `fetch` would send it. */
async function rawRequest(method: string, path: string): Promise<{ readonly status: number; readonly text: string }> {
  const sent = request(service.url + path, { method, headers: { 'X-Canary': 'canary' } });
  sent.end();
  const [answer] = await once(sent, 'response');
  let text = '';
  for await (const chunk of answer) text += chunk;
  return { status: answer.statusCode, text };
}
