import { Hono } from 'hono';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { HttpEnvironment } from '../../src/adapters/http/environment.ts';
import { HttpRefusal } from '../../src/adapters/http/middleware/http-refusal.ts';
import { PROBLEM_SLUGS, PROBLEMS } from '../../src/adapters/http/v1/problem-table.ts';
import { refusals } from '../../src/adapters/http/v1/refusals.ts';
import { IamError, type IamErrorCode } from '../../src/domain/errors.ts';

const logged: string[] = [];
const logger = pino({}, { write: (line: string) => logged.push(line) });

async function answerTo(error: Error, path = '/api/v1/auth/change-password') {
  const app = new Hono<HttpEnvironment>();
  app.all('*', () => {
    throw error;
  });
  app.onError(refusals({ publicUrl: 'https://iam.example', logger }));
  const answer = await app.request(path, { method: 'POST' });
  return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) };
}

const refusal = (code: IamErrorCode) => new IamError(code as 'conflict');

describe('a problem', () => {
  it.each(PROBLEM_SLUGS)('has a status, a title and an address: %s', async (slug) => {
    const [status, title, detail] = PROBLEMS[slug];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(title.length).toBeGreaterThan(3);
    expect(detail).toMatch(/\.$/);
  });

  it.each(PROBLEM_SLUGS.filter((slug) => PROBLEMS[slug][0] === 401))('of 401 carries a challenge: %s', async (slug) => {
    const { status, headers } = await answerTo(
      slug === 'reauthentication-required' ? new IamError(slug, { maxAgeSeconds: 300 }) : refusal(slug as IamErrorCode),
    );
    expect(status).toBe(401);
    expect(headers.get('WWW-Authenticate')).toMatch(/^Bearer error="/);
  });

  it.each([
    ['rate-limited', 429],
    ['overloaded', 503],
    ['unavailable', 503],
    ['rotation-too-soon', 409],
    ['account-locked', 403],
  ] as const)('says when to come back: %s', async (code, status) => {
    const answer = await answerTo(new IamError(code, { retryAfterSeconds: 42 }));
    expect(answer.status).toBe(status);
    expect(answer.headers.get('Retry-After')).toBe('42');
    expect(answer.body).not.toHaveProperty('retryAfterSeconds');
  });

  it('says nothing of coming back where nobody knows', async () => {
    expect((await answerTo(new IamError('account-locked', {}))).headers.has('Retry-After')).toBe(false);
  });

  it('names the permission that is missing, where one is', async () => {
    const named = await answerTo(new IamError('forbidden', { requiredPermission: 'users.list' }));
    expect(named.body).toMatchObject({ requiredPermission: 'users.list' });
    expect((await answerTo(new IamError('forbidden', {}))).body).not.toHaveProperty('requiredPermission');
  });

  it('gives every reason why a password is weak, on the field that holds it', async () => {
    const error = new IamError('weak-password', { reasons: ['common', 'breached', 'contains-own-name-or-address'] });
    for (const [path, field] of [
      ['/v1/auth/register', 'password'],
      ['/v1/auth/reset-password', 'newPassword'],
      ['/v1/auth/recovery', 'newPassword'],
    ] as const) {
      const { body } = await answerTo(error, path);
      expect(body.errors).toHaveLength(3);
      for (const entry of body.errors) expect(entry).toMatchObject({ field, code: 'NOT_ALLOWED' });
    }
  });

  it('is told of what only HTTP refuses', async () => {
    const { status, body } = await answerTo(new HttpRefusal('malformed-json'));
    expect({ status, type: body.type }).toEqual({ status: 400, type: 'https://iam.example/problems/malformed-json' });
  });

  it('tells the caller nothing of an accident, and the operator what it was', async () => {
    logged.length = 0;
    const { status, body } = await answerTo(new Error('select secret from vault'));
    expect(status).toBe(500);
    expect(body.type).toBe('https://iam.example/problems/internal-error');
    expect(JSON.stringify(body)).not.toMatch(/select|vault|\.ts|at /);
    expect(logged.join()).toContain('select secret from vault');
  });
});
