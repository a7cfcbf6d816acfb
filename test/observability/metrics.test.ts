import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROBLEMS } from '../../src/adapters/http/v1/problem-table.ts';
import { Metrics } from '../../src/adapters/observability/metrics.ts';
import { RequestTally } from '../../src/adapters/observability/request-tally.ts';
import { IamError } from '../../src/domain/errors.ts';
import { anAddress, OWNER, PASSWORD } from '../security/a-service.ts';
import { describeWithPromtool, promtool } from '../support/promtool.ts';
import { aWatchedService, NOTHING_WAITS, QUIET, type Sample, samplesOf } from './a-watched-service.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'other'];

let service: Awaited<ReturnType<typeof aWatchedService>>;
let text: string;
let samples: readonly Sample[];

async function peopleComeAndGo(): Promise<void> {
  const { v1, gate, call } = service;
  const email = anAddress();
  await gate('POST', 'gate/register', { body: { email, password: PASSWORD } });
  await gate('POST', 'gate/login', { body: { email, password: PASSWORD } });
  await gate('POST', 'gate/login', { body: { email, password: 'a guess that was never right' } });
  await gate('POST', 'gate/login', { body: { email: 'not an address' } });
  const signedIn = await v1('POST', '/auth/login', { body: OWNER });
  await v1('GET', `/projects/${service.project.id}`, { token: signedIn.body.accessToken });
  await v1('GET', `/projects/${service.project.id}`);
  await call('GET', '/.well-known/jwks.json');
  await call('GET', `/api/v1/pub/${anAddress()}/.well-known/jwks.json`);
  await call('GET', `/nowhere/${email}?secret=${email}`);
  await call('PROPFIND', '/healthz');
  await fetch(`${service.url}/healthz`, { method: 'HEAD' });
}

beforeAll(async () => {
  service = await aWatchedService();
  await peopleComeAndGo();
  ({ text } = await service.metrics.page());
  samples = samplesOf(text);
});
afterAll(() => service[Symbol.asyncDispose]());

const of = (name: string, labels: Readonly<Record<string, string>> = {}) =>
  samples.find(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )?.value;
const answered = (method: string, route: string, status: string) =>
  of('castellan_http_request_duration_seconds_count', { method, route, status });

describe('the metrics', () => {
  it('count every request by the pattern of its route, its method and the class of its answer', () => {
    const login = '/api/v1/gate/:project_id/auth/login';
    expect(answered('POST', login, '2xx')).toBe(1);
    expect(answered('POST', login, '4xx')).toBe(2);
    expect(answered('GET', '/api/v1/projects/:id', '2xx')).toBe(1);
    expect(answered('GET', '/api/v1/projects/:id', '4xx')).toBe(1);
    expect(answered('GET', '/*', '4xx')).toBe(1);
    expect(answered('HEAD', '/healthz', '2xx')).toBe(1);
    expect(answered('other', '/*', '4xx')).toBe(1);
  });

  it('count requests for public keys, which pass nothing else', () => {
    expect(answered('GET', '/.well-known/jwks.json', '2xx')).toBe(1);
    expect(answered('GET', '/api/v1/pub/:project_id/.well-known/jwks.json', '4xx')).toBe(1);
  });

  it('count what came of use cases, and why requests were refused', () => {
    const login = { use_case: 'authentication.login' };
    expect(of('castellan_use_cases_total', { ...login, outcome: 'signed-in' })).toBe(2);
    expect(of('castellan_use_cases_total', { ...login, outcome: 'invalid-credentials' })).toBe(1);
    expect(of('castellan_http_refusals_total', { code: 'invalid-credentials' })).toBe(1);
    expect(of('castellan_http_refusals_total', { code: 'validation-error' })).toBe(1);
    expect(of('castellan_http_refusals_total', { code: 'not-found' })).toBe(2);
  });

  it('have no label but words of the code and patterns: nothing that a caller sends makes a series', () => {
    const codes = [...Object.keys(PROBLEMS), 'failed'];
    const routes = [...service.app.routes.map(({ path }) => path), '/*'];
    const useCases = Object.entries(service.iam).flatMap(([group, names]) =>
      Object.keys(names).map((name) => `${group}.${name}`),
    );
    const known: Readonly<Record<string, readonly string[]>> = {
      version: ['1.2.3'],
      route: routes,
      method: METHODS,
      status: ['1xx', '2xx', '3xx', '4xx', '5xx'],
      code: codes,
      use_case: useCases,
      outcome: [...codes, 'done', 'signed-in', 'tenant-selection', 'second-factor'],
      queue: Object.keys(NOTHING_WAITS),
      dependency: ['database'],
    };
    const ours = samples.filter(({ name }) => name.startsWith('castellan_'));
    expect(ours.length).toBeGreaterThan(100);
    for (const { name, labels } of ours) {
      for (const [label, value] of Object.entries(labels)) {
        if (label !== 'le') expect(known[label], `${name}{${label}="${value}"}`).toContain(value);
      }
    }
  });

  it('say where the process stands, too', () => {
    for (const name of [
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
    ]) {
      expect(samples.map((sample) => sample.name)).toContain(name);
    }
    expect(of('castellan_build_info', { version: '1.2.3' })).toBe(1);
  });
});

describe('what takes how long', () => {
  it('is counted up to every bound, and in full', () => {
    const tally = new RequestTally();
    for (const seconds of [0.0005, 0.001, 0.002, 0.3, 60]) tally.answered('/healthz', 'GET', 200, seconds);
    const [only, ...others] = [...tally.tallied()];
    expect(others).toEqual([]);
    expect(only).toMatchObject({ route: '/healthz', method: 'GET', status: '2xx' });
    expect(only?.durations.counts).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
    expect(only?.durations.count).toBe(5);
    expect(only?.durations.seconds).toBeCloseTo(60.3035);
  });
});

describe('use cases that fail by accident', () => {
  it('are counted as failed, and fail as before', async () => {
    const { outcomes } = new Metrics(QUIET);
    const accident = new Error('by accident');
    await expect(outcomes.during('a.b', () => Promise.reject(accident))).rejects.toBe(accident);
    await expect(outcomes.during('a.b', () => Promise.reject(new IamError('conflict')))).rejects.toThrow();
    expect([...outcomes.tallied()]).toEqual([
      { useCase: 'a.b', outcome: 'failed', count: 1 },
      { useCase: 'a.b', outcome: 'conflict', count: 1 },
    ]);
  });
});

describe('what is asked of servers', () => {
  const page = async (world: Partial<typeof QUIET>) =>
    samplesOf((await new Metrics({ ...QUIET, ...world }).page()).text);

  it('is how far the background is behind, and what answers', async () => {
    const now = new Date('2026-03-01T12:00:10.000Z');
    const outbox = { waiting: 7, oldest: new Date('2026-03-01T12:00:05.500Z'), buried: 2 };
    const shown = await page({
      backlog: async () => ({ ...NOTHING_WAITS, outbox }),
      dependencies: async () => ({ database: 'ok', cache: 'failing' }),
      now: () => now,
    });
    const value = (name: string, label: string) =>
      shown.find((sample) => sample.name === name && Object.values(sample.labels).includes(label))?.value;
    expect(value('castellan_backlog_waiting', 'outbox')).toBe(7);
    expect(value('castellan_backlog_oldest_seconds', 'outbox')).toBe(4.5);
    expect(value('castellan_backlog_buried', 'outbox')).toBe(2);
    expect(value('castellan_backlog_oldest_seconds', 'audit-seals')).toBe(0);
    expect(value('castellan_dependency_up', 'database')).toBe(1);
    expect(value('castellan_dependency_up', 'cache')).toBe(0);
  });

  it('is left out when they fail, and the rest is shown', async () => {
    const shown = await page({ backlog: () => Promise.reject(new Error('no database')) });
    const names = shown.map(({ name }) => name);
    expect(names).not.toContain('castellan_backlog_waiting');
    expect(names).toContain('castellan_database_pool_connections_most');
  });

  it('is asked once of sixteen readers at once, and of those who come soon after', async () => {
    let asked = 0;
    const backlog = async () => {
      asked += 1;
      await pause(1);
      return NOTHING_WAITS;
    };
    const metrics = new Metrics({ ...QUIET, backlog });
    await Promise.all(Array.from({ length: 16 }, () => metrics.page()));
    await metrics.page();
    expect(asked).toBe(1);
  });
});

describeWithPromtool('the page of metrics, as Prometheus itself reads it', () => {
  it('is well formed, and follows the rules for names, types and help', () => {
    expect(promtool(['check', 'metrics'], text)).toBe('');
  });

  it('is refused where it is not', () => {
    expect(promtool(['check', 'metrics'], '# TYPE a_total gauge\na_total 1\n')).not.toBe('');
  });
});
