import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { asked } from './harness/asked.ts';
import { Estate } from './harness/estate.ts';
import { figure } from './harness/figure.ts';
import { anAddress, PASSWORD } from './harness/somebody.ts';

/** What an orchestrator is told to wait: as long as requests are taken, and 15 s more. */
const DRAIN_SECONDS = 1;
const GONE_WITHIN_MS = (DRAIN_SECONDS + 15) * 1_000;

describe('a replica that is asked to end', () => {
  let estate: Estate;
  beforeAll(async () => {
    estate = await Estate.unstarted({ env: { DRAIN_SECONDS: String(DRAIN_SECONDS) } });
  });
  beforeEach(() => estate.replicas[0]?.start());
  afterAll(() => estate?.[Symbol.asyncDispose]());

  const registers = () => {
    const json = { email: `${randomBytes(6).toString('hex')}@example.com`, password: PASSWORD };
    const headers = { 'X-Forwarded-For': anAddress() };
    return asked(estate.balancer, { method: 'POST', path: '/api/v1/auth/register', headers, json, replica: 0 }, 201);
  };
  const claimed = async () => (await estate.rows('select from outbox where attempts > 0')).length;

  async function endsInTime(silent: string): Promise<void> {
    const begun = performance.now();
    const code = await estate.replicas[0]?.terminate();
    const ms = Math.round(performance.now() - begun);
    for (const proxy of Object.values(estate.links[0] ?? {})) await proxy.pass();
    figure(`SIGTERM while ${silent} is silent`, { 'exit code': String(code), 'gone after ms': ms });
    expect(code).toBe(0);
    expect(ms).toBeLessThan(GONE_WITHIN_MS);
  }

  it('does so in time while a mail is on its way to a server that does not take it', async () => {
    estate.mail.behaviour = 'hang';
    await registers();
    await expect.poll(claimed, { timeout: 10_000 }).toBe(1);
    await endsInTime('the mail server');
    estate.mail.behaviour = 'accept';
  });

  it('does so in time while Postgres is silent', async () => {
    await registers();
    estate.links[0]?.postgres.freeze();
    await endsInTime('Postgres');
  });

  it('does so in time while Redis is silent', async () => {
    await registers();
    estate.links[0]?.redis.freeze();
    await endsInTime('Redis');
  });
});
