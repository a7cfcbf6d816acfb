import type { Logger } from 'pino';
import { describe, expect, it } from 'vitest';
import { loggerInto } from '../../src/adapters/container/logger.ts';
import { LogContext } from '../../src/adapters/observability/log-context.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import type { ProviderAdapter } from '../../src/ports/auth-provider.ts';
import { InMemoryProvider } from '../support/a-provider.ts';
import { aWatchedService } from './a-watched-service.ts';

const CANARY = 'a-secret-that-sings';
const TRACE = '0af7651916cd43dd8448eb211c80319c';

/** A log, for somebody whom no compiler looks after. */
function aLog() {
  const lines: string[] = [];
  const logger = loggerInto({ write: (line) => void lines.push(line) }, 'trace') as unknown as Logger;
  return { logger, lines, said: () => lines.map((line) => JSON.parse(line)) };
}

describe('a line of the log', () => {
  it('has the fields that it may have, and of others the name alone', () => {
    const { logger, lines, said } = aLog();
    logger.info({ requestId: 'r', body: CANARY, headers: { authorization: CANARY }, password: CANARY }, 'a request');
    logger.warn({ status: 400, user: { password: CANARY } }, 'another');
    expect(said()[0]).toMatchObject({ requestId: 'r', body: '(left out)', headers: '(left out)', msg: 'a request' });
    expect(said()[1]).toMatchObject({ status: 400, user: '(left out)' });
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('tells of an error its type, its code and what it says, and of what led to it the same', () => {
    const { logger, said } = aLog();
    const cause = Object.assign(new TypeError('the line is dead'), { code: 'ECONNRESET', parameters: [CANARY] });
    logger.error({ err: new Error('no answer', { cause }) }, 'failed');
    const [{ err }] = said();
    expect(err.causes).toEqual([
      { type: 'Error', message: 'no answer' },
      { type: 'TypeError', message: 'the line is dead', code: 'ECONNRESET' },
    ]);
    expect(err.stack).toMatch(/^ {4}at .*log-lines\.test\.ts/);
  });

  it.each([
    ['the parameters of a statement', new Error(`Failed query: select $1\nparams: ${CANARY}`)],
    ['user and password of an address', new Error(`cannot reach redis://user:${CANARY}@cache.example:6379/0`)],
    ['what a parser stumbled over', new SyntaxError(`Unexpected token 'a', "${CANARY}" is not valid JSON`)],
    [
      'a value that a database could not read',
      Object.assign(new Error(`invalid input syntax for type uuid: "${CANARY}"`), { code: '22P02' }),
    ],
    ['other members', Object.assign(new Error('refused'), { response: CANARY, input: `smtp://u:${CANARY}@mail` })],
    ['what looks like a place in the code', new Error(`one\n    at ${CANARY}`, { cause: new Error('two') })],
  ])('leaves out of an error %s', (what, error) => {
    const { logger, lines, said } = aLog();
    logger.error({ err: error }, 'failed');
    const { causes, stack } = said()[0].err;
    expect(causes[0]).toMatchObject({ type: error.name });
    expect(stack).not.toContain(CANARY);
    if (what !== 'what looks like a place in the code') expect(lines.join('')).not.toContain(CANARY);
  });

  it('has no text that is not ours', () => {
    const { logger, lines } = aLog();
    logger.error(new Error(`params: ${CANARY}\nparams: ${CANARY}`));
    logger.error({ err: new SyntaxError(CANARY) });
    logger.error(new SyntaxError(CANARY), 'failed');
    expect(lines).toHaveLength(3);
    expect(lines.slice(1).join('')).not.toContain(CANARY);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ msg: '(no text)', err: { causes: [{ type: 'Error' }] } });
  });

  it('is whatever else it is about, one line', () => {
    const { logger, lines } = aLog();
    logger.warn({ route: 'a\nb\r\u2028', err: new Error('c\nd') }, 'e');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\n\r]+\n$/);
  });
});

describe('work that lines belong to', () => {
  it('gives them its fields, however deep, and nothing to lines of other work', async () => {
    const context = new LogContext();
    const seen: unknown[] = [];
    const look = async () => {
      await Promise.resolve();
      seen.push(context.fields);
    };
    await Promise.all([
      context.run({ requestId: 'one' }, async () => {
        await look();
        await look();
      }),
      context.run({ requestId: 'two' }, look),
      look(),
    ]);
    expect(seen).toHaveLength(4);
    expect(seen).toEqual(
      expect.arrayContaining([{ requestId: 'one' }, { requestId: 'one' }, { requestId: 'two' }, undefined]),
    );
    expect(context.fields).toBeUndefined();
  });

  it('ends as it ends, and the last of it leaves nothing behind', async () => {
    const context = new LogContext();
    const accident = new Error('by accident');
    const lasting = context.run({ requestId: 'one' }, async () => {
      await expect(context.run({ requestId: 'two' }, () => Promise.reject(accident))).rejects.toBe(accident);
      return context.fields;
    });
    expect(await lasting).toEqual({ requestId: 'one' });
    expect(context.fields).toBeUndefined();
  });
});

describe('a request that has to ask a provider', () => {
  /** One that is in trouble, and tells the log as the service does: from where nobody knows of a request. */
  class ATroubledProvider extends InMemoryProvider {
    tell: () => void = () => {};

    override async start(...asked: Parameters<ProviderAdapter['start']>) {
      await new Promise((resolve) => setImmediate(resolve));
      this.tell();
      return super.start(asked[0], asked[1]);
    }
  }

  it('is named by every line that is written on the way', async () => {
    const oidc = new ATroubledProvider();
    await using service = await aWatchedService({ ports: () => ({ providerAdapters: { oidc } }) });
    oidc.tell = () => service.logger.warn({ providerId: 'acme' }, 'a provider was not asked');
    const acme = { id: 'acme', name: 'Acme', type: 'oidc', issuer: 'https://id.example.test', clientId: 'c' };
    const projectId = service.platform.id;
    await service.iam.providers.configureProvider.execute(OPERATOR, { projectId, ...acme, clientSecret: CANARY });

    const headers = { traceparent: `00-${TRACE}-b7ad6b7169203331-01` };
    const answers = await Promise.all([
      service.v1('POST', '/auth/login/acme', { headers, body: {} }),
      service.v1('POST', '/auth/login/acme', { body: {} }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    await service.logged();
    const lines = service.lines.map((line) => JSON.parse(line));
    for (const { headers } of answers) {
      const requestId = headers.get('X-Request-Id');
      const own = lines.filter((line) => line.requestId === requestId);
      expect(own.map(({ msg }) => msg)).toEqual(['a provider was not asked', 'request']);
      expect(own[0]?.trace_id).toBe(own[1]?.trace_id);
    }
    expect(lines.filter(({ trace_id }) => trace_id === TRACE)).toHaveLength(2);
  });
});
