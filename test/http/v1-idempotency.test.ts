import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { HttpEnvironment, HttpKey } from '../../src/adapters/http/environment.ts';
import { createOnce } from '../../src/adapters/http/v1/idempotency.ts';
import { refusals } from '../../src/adapters/http/v1/refusals.ts';
import { MemoryIdempotencyStore } from '../../src/adapters/memory/idempotency-store.ts';
import { MemoryStore } from '../../src/adapters/memory/store.ts';
import type { UserActor } from '../../src/application/actor.ts';
import { IamError } from '../../src/domain/errors.ts';
import { attested } from '../support/attested.ts';
import { anId, aProject } from '../support/builders.ts';
import { SettableClock } from '../support/clock.ts';

const clock = new SettableClock();
const { project } = aProject(clock.now());
const logger = pino({ level: 'silent' });

let made = 0;
let refuseNext = false;
let app: Hono<HttpEnvironment>;
let store: MemoryIdempotencyStore;
let mayRepeat = true;

beforeEach(() => {
  made = 0;
  refuseNext = false;
  mayRepeat = true;
  store = new MemoryIdempotencyStore(new MemoryStore(attested));
  app = anApp([randomBytes(32)]);
});

/** A process over the store. */
function anApp(httpKey: HttpKey): Hono<HttpEnvironment> {
  const once = createOnce({ idempotencyStore: store, clock, logger, httpKey });
  const authorise = () => {
    if (!mayRepeat) throw new IamError('forbidden', {});
  };
  const create = async () => {
    if (refuseNext) throw new IamError('conflict');
    made += 1;
    return Response.json({ made }, { status: 201 });
  };
  const app = new Hono<HttpEnvironment>();
  app.use(async (c, next) => {
    c.set('project', project.toState());
    c.set('origin', { address: c.req.header('Test-Address') ?? '192.0.2.1', network: null, userAgent: null });
    const userId = c.req.header('Test-User');
    const tenantId = c.req.header('Test-Tenant');
    if (userId !== undefined) c.set('actor', { userId, tenantId } as UserActor);
    await next();
  });
  app.post('/api/v1/:what{open|secret}', async (c) => {
    const body: unknown = await c.req.json();
    return once(c, { body, secret: c.req.param('what') === 'secret', authorise }, create);
  });
  app.onError(refusals({ publicUrl: 'https://iam.example', logger }));
  return app;
}

interface Attempt {
  readonly to?: Hono<HttpEnvironment>;
  readonly path?: string;
  readonly key?: string;
  readonly body?: unknown;
  readonly user?: string;
  readonly tenant?: string;
  readonly address?: string;
}

const ADA = anId<string>();
const HOME = anId<string>();

async function post({
  to = app,
  path = '/api/v1/open',
  key = '"k"',
  body = { a: 1 },
  user = ADA,
  tenant = HOME,
  address,
}: Attempt = {}) {
  const answer = await to.request(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'Idempotency-Key': key,
      ...(user === '' ? {} : { 'Test-User': user, 'Test-Tenant': tenant }),
      ...(address === undefined ? {} : { 'Test-Address': address }),
    },
  });
  const { type, made } = (await answer.json()) as { type?: string; made?: number };
  return { status: answer.status, slug: type?.split('/').pop(), made };
}

describe('Idempotency-Key', () => {
  it('creates once and repeats the answer', async () => {
    expect(await post()).toMatchObject({ status: 201, made: 1 });
    expect(await post()).toMatchObject({ status: 201, made: 1 });
    expect(made).toBe(1);
  });

  it('is the same quoted and bare', async () => {
    await post({ key: '"abc"' });
    expect(await post({ key: 'abc' })).toMatchObject({ made: 1 });
  });

  it('creates once of sixteen at once; the others hear that it runs or what came of it', async () => {
    const answers = await Promise.all(Array.from({ length: 16 }, () => post()));
    expect(made).toBe(1);
    for (const answer of answers) {
      expect([201, 409]).toContain(answer.status);
      expect(answer.status === 409 ? answer.slug : answer.made).toBe(
        answer.status === 409 ? 'idempotency-in-progress' : 1,
      );
    }
  });

  it('is refused with another body', async () => {
    await post();
    expect(await post({ body: { a: 2 } })).toMatchObject({ status: 422, slug: 'idempotency-key-reused' });
  });

  it('creates once at processes that take their fingerprints with other keys of the same exchange', async () => {
    const [old, young] = [randomBytes(32), randomBytes(32)];
    const [before, after] = [anApp([old, young]), anApp([young, old])];
    expect(await post({ to: before })).toMatchObject({ status: 201, made: 1 });
    expect(await post({ to: after })).toMatchObject({ status: 201, made: 1 });
    expect(await post({ to: after, key: 'other' })).toMatchObject({ made: 2 });
    expect(await post({ to: before, key: 'other' })).toMatchObject({ made: 2 });
    const another = { slug: 'idempotency-key-reused' };
    for (const to of [before, after]) expect(await post({ to, body: { a: 2 } })).toMatchObject(another);
    expect(await post({ to: anApp([randomBytes(32)]) })).toMatchObject(another);
  });

  it('belongs to its caller and its route', async () => {
    await post();
    expect(await post({ user: anId() })).toMatchObject({ status: 201, made: 2 });
    expect(await post({ path: '/api/v1/secret' })).toMatchObject({ status: 201, made: 3 });
  });

  it('belongs to the tenant that its caller acts in', async () => {
    await post();
    expect(await post({ tenant: anId() })).toMatchObject({ status: 201, made: 2 });
    expect(await post()).toMatchObject({ status: 201, made: 1 });
  });

  it('belongs to request and address where nobody is signed in', async () => {
    await post({ user: '' });
    expect(await post({ user: '' })).toMatchObject({ made: 1 });
    expect(await post({ user: '', address: '192.0.2.2' })).toMatchObject({ made: 2 });
    expect(await post({ user: '', body: { a: 2 } })).toMatchObject({ made: 3 });
  });

  it('keeps no answer that carries a secret: its repetition hears that it is done', async () => {
    expect(await post({ path: '/api/v1/secret' })).toMatchObject({ status: 201, made: 1 });
    expect(await post({ path: '/api/v1/secret' })).toMatchObject({ status: 409, slug: 'already-done' });
  });

  it('repeats nothing to somebody who may not do it any more', async () => {
    await post();
    mayRepeat = false;
    expect(await post()).toMatchObject({ status: 403, slug: 'forbidden' });
  });

  it('is free again after a refusal', async () => {
    refuseNext = true;
    expect(await post()).toMatchObject({ status: 409, slug: 'conflict' });
    refuseNext = false;
    expect(await post()).toMatchObject({ status: 201, made: 1 });
  });

  it.each(['""', '"a"b"', 'with space', `"${'k'.repeat(256)}"`, 'k'.repeat(256)])('is no key: %s', async (key) => {
    expect(await post({ key })).toMatchObject({ status: 400, slug: 'validation-error' });
    expect(made).toBe(0);
  });

  it('may have 255 characters', async () => {
    expect(await post({ key: `"${'k'.repeat(255)}"` })).toMatchObject({ status: 201 });
  });
});
