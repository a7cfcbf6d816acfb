import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { HttpEnvironment } from '../../src/adapters/http/environment.ts';
import { clientOrigin } from '../../src/adapters/http/middleware/client-address.ts';
import { isInRange, parseIpAddress, parseIpRange } from '../../src/adapters/http/middleware/ip-address.ts';
import { assertAdmitted, normalisedPath } from '../../src/adapters/http/middleware/network-rules.ts';
import type { Origin } from '../../src/application/actor.ts';
import type { FirewallRule } from '../../src/domain/project/project-settings.ts';

describe('parseIpAddress', () => {
  it('takes one whole address, in its canonical form', () => {
    const canonical = {
      '192.0.2.1': '192.0.2.1',
      ' 192.0.2.1 ': '192.0.2.1',
      '::ffff:192.0.2.1': '192.0.2.1',
      '2001:DB8:0:0::1': '2001:db8::1',
      'fe80::1%eth0': 'fe80::1',
    };
    for (const [raw, text] of Object.entries(canonical)) expect(parseIpAddress(raw)?.text, raw).toBe(text);
    for (const raw of [
      '',
      'localhost',
      '127.1',
      '0x7f.0.0.1',
      '012.1.1.1',
      '1.2.3.4:80',
      '1.2.3.4/24',
      '1.2.3.256',
      '[::1]',
    ]) {
      expect(parseIpAddress(raw), raw).toBeUndefined();
    }
  });

  it('counts an IPv6 client by its /64', () => {
    expect(parseIpAddress('2001:db8:1:2:3:4:5:6')?.network).toBe('2001:db8:1:2::/64');
    expect(parseIpAddress('192.0.2.1')?.network).toBe('192.0.2.1');
  });
});

describe('parseIpRange', () => {
  const within = (range: string, address: string) => {
    const parsed = parseIpRange(range);
    const client = parseIpAddress(address);
    return parsed !== undefined && client !== undefined && isInRange(client, [parsed]);
  };

  it('holds the addresses of its block, mapped ones too', () => {
    expect(within('10.0.0.0/8', '10.255.0.1')).toBe(true);
    expect(within('10.0.0.0/8', '::ffff:10.1.2.3')).toBe(true);
    expect(within('::ffff:10.0.0.0/104', '10.1.2.3')).toBe(true);
    expect(within('10.0.0.1', '10.0.0.1')).toBe(true);
    expect(within('2001:db8::/32', '2001:db8:ffff::1')).toBe(true);
    expect(within('0.0.0.0/0', '2001:db8::1')).toBe(false);
    expect(within('10.0.0.0/8', '11.0.0.1')).toBe(false);
  });

  it('is nothing for what is no block', () => {
    for (const raw of [
      '',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      '10.0.0/8',
      '::/129',
      '::ffff:10.0.0.0/95',
      'all',
    ]) {
      expect(parseIpRange(raw), raw).toBeUndefined();
    }
  });
});

describe('clientOrigin', () => {
  const originOf = async (
    peer: string | undefined,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Origin> => {
    const origin = clientOrigin({ trustedProxies: ['10.0.0.0/8', '::1'] });
    const app = new Hono<HttpEnvironment>().get('/', (c) => c.json(origin(c)));
    const env = { incoming: { socket: { remoteAddress: peer }, headers } } as unknown as HttpBindings;
    return (await (await app.request('/', { headers }, env)).json()) as Origin;
  };
  const forwarded = async (peer: string, hops: string) => (await originOf(peer, { 'x-forwarded-for': hops })).address;

  it('is the socket’s; what an untrusted peer says of others is not heard', async () => {
    expect((await originOf('192.0.2.1')).address).toBe('192.0.2.1');
    expect(await forwarded('192.0.2.1', '203.0.113.1')).toBe('192.0.2.1');
    expect(await forwarded('::ffff:192.0.2.1', '203.0.113.1')).toBe('192.0.2.1');
    expect(await originOf(undefined)).toEqual({ address: null, network: null, userAgent: null });
  });

  it('is the right-most hop that is no trusted proxy', async () => {
    expect(await forwarded('10.0.0.1', '203.0.113.1')).toBe('203.0.113.1');
    expect(await forwarded('::ffff:10.0.0.1', '198.51.100.1, 203.0.113.1')).toBe('203.0.113.1');
    expect(await forwarded('::1', '203.0.113.1, 10.0.0.2, 10.0.0.3')).toBe('203.0.113.1');
    expect(await forwarded('10.0.0.1', '10.0.0.2, 10.0.0.3')).toBe('10.0.0.2');
  });

  it('never gets past garbage: the proxy that passed it on is the client then', async () => {
    expect(await forwarded('10.0.0.1', 'garbage')).toBe('10.0.0.1');
    expect(await forwarded('10.0.0.1', '203.0.113.1, garbage, 10.0.0.2')).toBe('10.0.0.2');
    expect(await forwarded('10.0.0.1', '')).toBe('10.0.0.1');
  });

  it('keeps 512 characters of the user agent, without control characters', async () => {
    const { userAgent } = await originOf('192.0.2.1', { 'user-agent': `a\tb\u009bc${'x'.repeat(600)}` });
    expect(userAgent).toBe(`abc${'x'.repeat(509)}`);
  });
});

describe('assertAdmitted', () => {
  const origin = { address: '192.0.2.1', network: '192.0.2.1', userAgent: 'Mozilla/5.0 (Bot)' };
  const admits = (
    ipRules: { readonly allow: readonly string[]; readonly deny: readonly string[] },
    firewallRules: readonly FirewallRule[] = [],
    path = '/api/v1/auth/login',
    from: Origin = origin,
  ): boolean => {
    try {
      assertAdmitted({ ipRules, firewallRules }, from, path);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'forbidden' });
      return false;
    }
  };
  const NONE = { allow: [], deny: [] };

  it('admits everybody where there is no rule, and nobody unknown where there is one', () => {
    const nowhere = { address: null, network: null, userAgent: null };
    expect(admits(NONE, [], '/', nowhere)).toBe(true);
    expect(admits({ allow: [], deny: ['203.0.113.1'] }, [], '/', nowhere)).toBe(false);
    expect(admits({ allow: ['0.0.0.0/0'], deny: [] }, [], '/', nowhere)).toBe(false);
  });

  it('lets deny win, and a non-empty allow admit nothing else', () => {
    expect(admits({ allow: ['192.0.2.0/24'], deny: [] })).toBe(true);
    expect(admits({ allow: ['192.0.2.0/24'], deny: ['192.0.2.1'] })).toBe(false);
    expect(admits({ allow: ['203.0.113.0/24'], deny: [] })).toBe(false);
    expect(admits({ allow: ['no address'], deny: [] })).toBe(false);
  });

  it('asks every part of a firewall rule, and the path however it is spelled', () => {
    const deny = (rule: Omit<FirewallRule, 'action'>) => [{ action: 'deny', ...rule } as const];
    const spellings = [
      '/api/v1/auth/login',
      '/api/v1/auth/log%69n',
      '/api//v1/./auth/../auth/login',
      '/v1/auth/login',
      '/api/v1/auth%2flogin',
      '/api/v1/auth/login/',
      '/api/v1/auth/LOGIN',
    ];
    for (const path of spellings) expect(admits(NONE, deny({ path: '/api/v1/auth/login' }), path), path).toBe(false);
    expect(admits(NONE, deny({ path: '/v1/auth' }))).toBe(false);
    expect(admits(NONE, deny({ path: '/api/v1/Auth' }))).toBe(false);
    expect(admits(NONE, deny({ path: '/api/v1/auth/' }), '/api/v1/authz/check')).toBe(true);
    expect(admits(NONE, deny({ userAgent: 'bOT' }))).toBe(false);
    expect(admits(NONE, deny({ userAgent: 'bot', path: '/other' }))).toBe(true);
    expect(admits(NONE, deny({}))).toBe(true);
  });

  it('decodes a path once', () => {
    expect(normalisedPath('/a%2562')).toBe('/a%62');
    expect(normalisedPath('/%ff/%41')).toBe('/%ff/a');
    expect(normalisedPath('')).toBe('/');
    expect(normalisedPath('/../..//')).toBe('/');
  });
});
