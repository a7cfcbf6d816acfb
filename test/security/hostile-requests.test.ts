import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import { anAddress, aService, OWNER, PASSWORD, PUBLIC_URL, type TestService } from './a-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await aService();
});
afterAll(() => service[Symbol.asyncDispose]());

const registered = async () => {
  const email = anAddress();
  const { body } = await service.v1('POST', '/auth/register', { body: { email, password: PASSWORD } });
  return { email, token: body.accessToken as string };
};

describe('a body that names __proto__ or constructor', () => {
  const POLLUTIONS = [
    '{"__proto__":{"polluted":true}}',
    '{"constructor":{"prototype":{"polluted":true}}}',
    '{"a":[{"__proto__":{"polluted":true}}]}',
    '[{"__proto__":{"polluted":true}}]',
  ];

  it('pollutes no prototype, wherever it comes in', async () => {
    const { token } = await registered();
    const owner = (await service.v1('POST', '/auth/login', { body: OWNER })).body.accessToken;
    const email = anAddress();
    for (const pollution of POLLUTIONS) {
      const person = `"email":"${email}","password":"${PASSWORD}"`;
      await service.gate('POST', 'gate/login', { body: pollution });
      await service.gate('POST', 'gate/register', { body: `{${person},"metadata":${pollution}}` });
      await service.v1('POST', '/auth/register', { body: `{${person},"firstName":${pollution}}` });
      await service.v1('PATCH', '/auth/me', { token, body: `{"preferences":${pollution}}` });
      await service.v1('POST', '/projects', { token: owner, body: `{"name":"x","settings":${pollution}}` });
      await service.v1('PATCH', `/projects/${service.project.id}`, { token: owner, body: `{"settings":${pollution}}` });
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
    const { body } = await service.v1('GET', `/projects/${service.project.id}`, { token: owner });
    expect(JSON.stringify(body)).not.toContain('polluted');
  });

  it('is refused for __proto__, and is plain data otherwise', async () => {
    const { token } = await registered();
    const patch = (preferences: string) =>
      service.v1('PATCH', '/auth/me', { token, body: `{"preferences":${preferences}}` });
    expect((await patch('{"__proto__":{}}')).status).toBe(400);
    const { body } = await patch('{"constructor":{"prototype":1},"toString":"x"}');
    expect(body.preferences).toEqual(JSON.parse('{"constructor":{"prototype":1},"toString":"x"}'));
  });
});

describe('what the caller says of the host', () => {
  const EVIL = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', Forwarded: 'host=evil.example' };

  async function misled(method: string, path: string, given: { token?: string; body?: object } = {}): Promise<string> {
    const body = given.body === undefined ? '' : JSON.stringify(given.body);
    const headers = {
      ...EVIL,
      'X-API-Key': service.key,
      ...(body === '' ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
      ...(given.token === undefined ? {} : { Authorization: `Bearer ${given.token}` }),
    };
    const sent = request(service.url + path, { method, headers });
    sent.end(body);
    const [answer] = await once(sent, 'response');
    let text = JSON.stringify(answer.headers);
    for await (const chunk of answer) text += chunk;
    return text;
  }

  it('is in no link of a mail, no problem, no list, no token and no redirect', async () => {
    const email = anAddress();
    const made = await misled('POST', '/api/v1/auth/register', { body: { email, password: PASSWORD } });
    await misled('POST', `/api/v1/auth/request-reset`, { body: { email } });
    const links = (await service.mailsTo(email)).flatMap((mail) => mail.links);
    expect(links.length).toBeGreaterThan(1);
    for (const link of links) expect(new URL(link).origin).toBe(PUBLIC_URL);

    const owner = (await service.v1('POST', '/auth/login', { body: OWNER })).body.accessToken;
    const list = await misled('GET', '/api/v1/projects?limit=1', { token: owner });
    expect(list).toContain(`<${PUBLIC_URL}/api/v1/projects?limit=1&cursor=`);
    const problem = await misled('GET', '/api/v1/auth/me');
    expect(problem).toContain(`${PUBLIC_URL}/problems/`);
    const others = [await misled('GET', '/'), await misled('GET', '/docs'), await misled('GET', '/verify-email')];
    const payload = Buffer.from(/ey[\w-]+\.([\w-]+)\./.exec(made)?.[1] ?? '', 'base64url').toString();
    expect(payload).toContain(`"iss":"${PUBLIC_URL}/`);
    for (const text of [made, payload, list, problem, ...others]) expect(text).not.toContain('evil.example');
  });
});

describe('what the caller says of its address', () => {
  const FORGED = { 'X-Forwarded-For': '203.0.113.9', 'X-Real-IP': '203.0.113.9', Forwarded: 'for=203.0.113.9' };

  it('counts for nothing from a peer that is no trusted proxy: not for limits, rules, sessions or records', async () => {
    const { iam, platform, clock } = service;
    const body = { email: anAddress(), password: PASSWORD };
    const { accessToken: token } = (await service.v1('POST', '/auth/register', { body, headers: FORGED })).body;
    const { data } = (await service.v1('GET', '/auth/sessions', { token })).body;
    expect(data.map(({ ip }: { ip: string }) => ip)).toEqual(['127.0.0.1']);
    expect(JSON.stringify(service.store.auditRecords())).not.toContain('203.0.113.9');

    const settings = {
      ipRules: { deny: ['203.0.113.0/24'] },
      rateLimits: { general: { limit: 2, windowSeconds: 60 } },
    };
    await iam.projects.updateProject.execute(OPERATOR, { id: platform.id, settings });
    clock.advance(61);
    const statuses: number[] = [];
    for (const hop of ['192.0.2.1', '192.0.2.2', '203.0.113.9']) {
      statuses.push((await service.v1('GET', '/auth/me', { token, headers: { 'X-Forwarded-For': hop } })).status);
    }
    expect(statuses).toEqual([200, 200, 429]);
  });

  it('counts from a trusted proxy: the right-most hop that is none, and garbage ends the search', async () => {
    await using behind = await aService({ http: { trustedProxies: ['127.0.0.0/8', '10.0.0.0/8'] } });
    const seenAs = async (forwardedFor: string) => {
      const body = { email: anAddress(), password: PASSWORD };
      const headers = { 'X-Forwarded-For': forwardedFor };
      const { accessToken: token } = (await behind.v1('POST', '/auth/register', { body, headers })).body;
      return (await behind.v1('GET', '/auth/sessions', { token })).body.data[0].ip;
    };
    expect(await seenAs('203.0.113.9, 198.51.100.7, 10.1.2.3')).toBe('198.51.100.7');
    expect(await seenAs('203.0.113.9, garbage, 10.1.2.3')).toBe('10.1.2.3');
    expect(await seenAs('::ffff:198.51.100.8')).toBe('198.51.100.8');
    expect(await seenAs('garbage')).toBe('127.0.0.1');
  });
});
