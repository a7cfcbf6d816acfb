import { type Attributes, context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loggerInto } from '../../src/adapters/container/logger.ts';
import { watchedReaction } from '../../src/adapters/container/watched-reaction.ts';
import { observerOf, openWatching, type Watching } from '../../src/adapters/container/watching.ts';
import { OutcomeTally } from '../../src/adapters/observability/outcome-tally.ts';
import { hasTracerProvider } from '../../src/adapters/observability/tracer-provider.ts';
import { IamError } from '../../src/domain/errors.ts';
import { anAddress, aService, OWNER, PASSWORD, PUBLIC_URL, type TestService } from '../security/a-service.ts';
import { anSdk } from './an-sdk.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const headers = { traceparent: `00-${TRACE}-${CALLER}-01` };

describe('without an SDK', () => {
  it('nothing of OpenTelemetry is there, and nothing of it is asked', async () => {
    expect(hasTracerProvider()).toBe(false);
    expect((await openWatching({ publicUrl: PUBLIC_URL })).tracing).toBeUndefined();
  });
});

describe('with an SDK that was loaded before', () => {
  let sdk: ReturnType<typeof anSdk>;
  let watching: Watching;
  let service: TestService;
  const lines: string[] = [];
  let failing = false;

  beforeAll(async () => {
    sdk = anSdk();
    watching = await openWatching({ publicUrl: PUBLIC_URL });
    const observer = observerOf(new OutcomeTally(), watching.tracing);
    const logger = loggerInto({ write: (line) => void lines.push(line) }, 'trace', watching.belonging);
    const broken = Object.assign(new Error(`params: ${PASSWORD}`), { parameters: [PASSWORD] });
    service = await aService({
      ports: ({ unitOfWork }) => ({
        observer,
        unitOfWork: { run: (work) => (failing ? Promise.reject(broken) : unitOfWork.run(work)) },
      }),
      http: { tracing: watching.tracing, logger },
    });
    sdk.forget();
  });
  afterEach(() => {
    sdk.forget();
    lines.length = 0;
    failing = false;
  });
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    sdk[Symbol.dispose]();
  });

  const named = (name: string): ReadableSpan => {
    const found = sdk.spans().find((span) => span.name === name);
    if (found === undefined) expect.fail(`no span ${name}: ${sdk.spans().map((span) => span.name)}`);
    return found;
  };
  const LOGIN = 'POST /api/v1/gate/:project_id/auth/login';

  it('a request has a span by the pattern of its route, in the trace that the caller is in', async () => {
    const email = anAddress();
    await service.gate('POST', 'gate/register', { body: { email, password: PASSWORD } });
    sdk.forget();
    const answer = await service.gate('POST', 'gate/login', { headers, body: { email, password: PASSWORD } });
    const { kind, attributes, status, parentSpanContext } = named(LOGIN);
    expect(kind).toBe(SpanKind.SERVER);
    expect(attributes).toEqual({
      'http.request.method': 'POST',
      'http.route': '/api/v1/gate/:project_id/auth/login',
      'url.scheme': 'https',
      'http.response.status_code': 200,
      'castellan.request_id': answer.headers.get('X-Request-Id'),
    });
    expect(status.code).toBe(SpanStatusCode.UNSET);
    expect(parentSpanContext).toMatchObject({ traceId: TRACE, spanId: CALLER });
    expect(named(LOGIN).spanContext().traceId).toBe(TRACE);
  });

  it('every use case has a span within it', async () => {
    await service.gate('POST', 'gate/login', { headers, body: { email: anAddress(), password: PASSWORD } });
    const request = named(LOGIN).spanContext();
    for (const name of ['projects.authenticateApiKey', 'authentication.login']) {
      const { parentSpanContext, kind } = named(name);
      expect(parentSpanContext, name).toMatchObject({ traceId: TRACE, spanId: request.spanId });
      expect(kind).toBe(SpanKind.INTERNAL);
    }
  });

  it('a refusal is no error of the service: its code is an attribute, and the request has its status', async () => {
    await service.gate('POST', 'gate/login', { body: { email: anAddress(), password: PASSWORD } });
    expect(named('authentication.login').attributes).toEqual({ 'castellan.refusal': 'invalid-credentials' });
    expect(named('authentication.login').status.code).toBe(SpanStatusCode.UNSET);
    expect(named(LOGIN).attributes['http.response.status_code']).toBe(401);
    expect(named(LOGIN).status.code).toBe(SpanStatusCode.UNSET);
  });

  it('an accident is an error, of which nothing but its type is told', async () => {
    failing = true;
    const body = { email: anAddress(), password: PASSWORD };
    const { status, body: problem } = await service.v1('POST', '/auth/register', { headers, body });
    expect(status).toBe(500);
    expect(problem.trace_id).toBe(TRACE);
    const request = named('POST /api/v1/auth/register');
    expect(request.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(request.attributes['error.type']).toBe('500');
    expect(named('authentication.register')).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'error.type': 'Error' },
      events: [],
    });
  });

  it('problems, lines of the log and spans name the same trace; lines name the span', async () => {
    failing = true;
    const body = { email: anAddress(), password: PASSWORD };
    const answer = await service.v1('POST', '/auth/register', { body });
    await service.logged();
    const { traceId, spanId } = named('POST /api/v1/auth/register').spanContext();
    expect(answer.body.trace_id).toBe(traceId);
    const logged = lines.map((line) => JSON.parse(line));
    expect(logged.map(({ msg }) => msg)).toEqual(['a request failed', 'request']);
    for (const line of logged) {
      expect(line).toMatchObject({
        trace_id: traceId,
        span_id: spanId,
        requestId: answer.headers.get('X-Request-Id'),
      });
    }
  });

  it('requests for public keys have spans, too', async () => {
    await service.call('GET', '/.well-known/jwks.json', { headers });
    expect(named('GET /.well-known/jwks.json').spanContext().traceId).toBe(TRACE);
  });

  it('where the SDK watches the server of Node as well, the span of the request is within that of the SDK', async () => {
    const outer = trace.getTracer('the SDK').startSpan('GET');
    await context.with(trace.setSpan(context.active(), outer), async () =>
      service.app.request('/healthz', { headers }),
    );
    expect(named('GET /healthz')).toMatchObject({ kind: SpanKind.INTERNAL, parentSpanContext: outer.spanContext() });
  });

  it('what is nowhere has one name', async () => {
    await service.call('GET', `/nowhere/${PASSWORD}?${PASSWORD}`);
    expect(named('GET /*').attributes['http.route']).toBe('/*');
  });

  it('what runs in the background has a span for each message, and none where nothing happens', async () => {
    const id = '01a2043f-9b85-79bc-b517-ad2d8a1e67fb';
    const occurredAt = service.clock.now().toISOString();
    const event = { type: 'tenant-blocked', projectId: service.project.id, tenantId: id, occurredAt } as const;
    await watchedReaction(service.iam, watching)({ id, event, attempts: 1 });
    await service.iam.audit.sealAuditRecords.execute(10);
    expect(sdk.spans().map(({ name }) => name)).toEqual(['reactions.react', 'outbox tenant-blocked']);
    expect(named('outbox tenant-blocked').attributes).toMatchObject({ 'messaging.message.id': id });
    expect(named('reactions.react').parentSpanContext?.spanId).toBe(
      named('outbox tenant-blocked').spanContext().spanId,
    );
  });

  it('a message whose reaction is refused or fails is told with the same care', async () => {
    const { tracing } = watching;
    const refused = () => Promise.reject(new IamError('unavailable', { retryAfterSeconds: 1 }));
    await expect(tracing?.background('outbox x', {}, refused)).rejects.toThrow();
    expect(named('outbox x').attributes).toEqual({ 'castellan.refusal': 'unavailable' });
  });

  it('no attribute, name or event of any span holds what was sent', async () => {
    const email = anAddress();
    const register = await service.v1('POST', '/auth/register', { body: { email, password: PASSWORD } });
    const { accessToken: token, refreshToken } = register.body;
    await service.v1('POST', '/auth/login', { body: OWNER, headers: { 'user-agent': PASSWORD, cookie: PASSWORD } });
    await service.v1('GET', '/auth/me', { token });
    await service.v1('POST', '/auth/refresh', { body: { refreshToken } });
    await service.v1('GET', `/users/${PASSWORD}?search=${PASSWORD}`, { token });
    await service.gate('POST', 'pub/verify', { token });
    const told = JSON.stringify(
      sdk.spans().map(({ name, attributes, events, status, resource }) => {
        return { name, attributes: attributes satisfies Attributes, events, status, resource: resource.attributes };
      }),
    );
    expect(told).toContain('authentication.refreshSession');
    for (const secret of [email, PASSWORD, token, refreshToken, service.key, OWNER.email, OWNER.password]) {
      expect(told).not.toContain(secret);
    }
  });
});
