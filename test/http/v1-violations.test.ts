import { z } from '@hono/zod-openapi';
import { describe, expect, it } from 'vitest';
import * as fields from '../../src/adapters/http/v1/fields.ts';
import { PageQuery } from '../../src/adapters/http/v1/page.ts';
import { SettingsPatch } from '../../src/adapters/http/v1/project-settings-contract.ts';
import { violationsOf } from '../../src/adapters/http/v1/violations.ts';
import { platformProjectSettings } from '../../src/domain/project/project-settings.ts';

function codes(schema: z.ZodType, input: unknown): Record<string, string> {
  const result = schema.safeParse(input);
  const violations = result.success ? [] : violationsOf(result.error.issues, input);
  return Object.fromEntries(violations.map((violation) => [violation.field, violation.code]));
}

describe('a violation', () => {
  const schema = z.object({
    text: z.string().min(2).max(3),
    count: z.int().min(1).max(9),
    kind: z.enum(['a', 'b']),
    inner: z.object({ list: z.array(z.boolean()).min(1) }),
    perhaps: z.string().max(3).nullable().optional(),
  });
  const valid = { text: 'abc', count: 3, kind: 'a', inner: { list: [true] } };

  it('is not found in what is right', () => {
    expect(codes(schema, valid)).toEqual({});
  });

  it.each([
    ['what is missing', {}, { text: 'REQUIRED', count: 'REQUIRED', kind: 'REQUIRED', inner: 'REQUIRED' }],
    ['null where something is needed', { ...valid, text: null }, { text: 'INVALID_TYPE' }],
    ['the wrong type', { ...valid, text: 1, count: '3' }, { text: 'INVALID_TYPE', count: 'INVALID_TYPE' }],
    ['a fraction', { ...valid, count: 1.5 }, { count: 'INVALID_TYPE' }],
    [
      'what is too short',
      { ...valid, text: 'a', inner: { list: [] } },
      { text: 'TOO_SHORT', 'inner.list': 'TOO_SHORT' },
    ],
    ['what is too long', { ...valid, text: 'abcd', perhaps: 'abcd' }, { text: 'TOO_LONG', perhaps: 'TOO_LONG' }],
    ['what is too small', { ...valid, count: 0 }, { count: 'TOO_SMALL' }],
    ['what is too big', { ...valid, count: 10 }, { count: 'TOO_BIG' }],
    ['what is not on the list', { ...valid, kind: 'c' }, { kind: 'NOT_ALLOWED' }],
    ['an entry deep inside', { ...valid, inner: { list: [true, 1] } }, { 'inner.list.1': 'INVALID_TYPE' }],
  ])('names the field and the kind: %s', (_, input, expected) => {
    expect(codes(schema, input)).toEqual(expected);
  });
});

describe('a field', () => {
  it('takes a password of 128 code points, whatever they are, and no more', () => {
    expect(codes(fields.passwordField, '🔑'.repeat(128))).toEqual({});
    expect(codes(fields.passwordField, '🔑'.repeat(129))).toEqual({ '': 'TOO_LONG' });
    expect(fields.passwordField.parse('  spaces stay  ')).toBe('  spaces stay  ');
  });

  it.each(['https://evil.example', 'a\u0007b', 'line\nbreak'])('refuses the name %j', (name) => {
    expect(codes(fields.nameField, name)).toEqual({ '': 'NOT_ALLOWED' });
  });

  it.each(['', '   ', 'x'.repeat(129)])('refuses a name of the wrong length: %j', (name) => {
    expect(Object.keys(codes(fields.nameField, name))).toHaveLength(1);
  });

  it.each(["O'Neil", 'Łukasz', '李小龍', 'Acme, Inc.'])('takes the name %s', (name) => {
    expect(codes(fields.nameField, name)).toEqual({});
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://a.example/x',
    '//a.example',
    'https://',
    'http://a b/',
    'java\nscript:x',
  ])('refuses %j as the address of a picture', (url) => {
    expect(codes(fields.webAddressField, url)).toEqual({ '': 'INVALID_FORMAT' });
  });

  it.each(['https://a.example/x.png?y=1', 'HTTP://a.example'])('takes %s as the address of a picture', (url) => {
    expect(codes(fields.webAddressField, url)).toEqual({});
  });

  it('takes an object of 16 KiB and no more', () => {
    const sized = (bytes: number) => ({ text: 'x'.repeat(bytes - '{"text":""}'.length) });
    expect(codes(fields.jsonObjectField, sized(16 * 1024))).toEqual({});
    expect(codes(fields.jsonObjectField, sized(16 * 1024 + 1))).toEqual({ '': 'TOO_LONG' });
    expect(codes(fields.jsonObjectField, ['list'])).toEqual({ '': 'INVALID_TYPE' });
  });
});

describe('a flag of the query', () => {
  it('is true, false, or refused', () => {
    expect([fields.flagField.parse('true'), fields.flagField.parse('false')]).toEqual([true, false]);
    for (const other of ['', '1', 'yes', 'TRUE', 'null']) {
      expect(codes(fields.flagField, other), other).toEqual({ '': 'NOT_ALLOWED' });
    }
  });
});

describe('the limit of a page', () => {
  it.each([
    ['0', 'TOO_SMALL'],
    ['101', 'TOO_BIG'],
    ['ten', 'INVALID_FORMAT'],
    ['', 'INVALID_FORMAT'],
    ['1e1', 'INVALID_FORMAT'],
    ['-1', 'INVALID_FORMAT'],
    [['1', '2'], 'INVALID_TYPE'],
  ])('is not %j', (limit, code) => {
    expect(codes(PageQuery, { limit })).toEqual({ limit: code });
  });

  it.each([
    ['1', 1],
    ['100', 100],
  ])('may be %s', (limit, expected) => {
    expect(PageQuery.parse({ limit }).limit).toBe(expected);
  });
});

describe('a change of settings', () => {
  it('may name every setting at once, or none', () => {
    expect(SettingsPatch.parse(platformProjectSettings)).toEqual(platformProjectSettings);
    expect(SettingsPatch.parse({})).toEqual({});
  });

  it('may go as deep as the settings do', () => {
    const patch = {
      rateLimits: { login: { limit: 3 } },
      passwordPolicy: { minLength: 15 },
      ipRules: { deny: ['10.0.0.0/8'] },
    };
    expect(SettingsPatch.parse(patch)).toEqual(patch);
  });

  it('drops what is no setting', () => {
    expect(SettingsPatch.parse({ unknown: 1, ipRules: { other: 2 } })).toEqual({ ipRules: {} });
  });

  it.each([
    [{ v1Enabled: 'true' }, { v1Enabled: 'INVALID_TYPE' }],
    [{ registrationEnabled: 1 }, { registrationEnabled: 'INVALID_TYPE' }],
    [{ userLimit: '5' }, { userLimit: 'INVALID_TYPE' }],
    [{ userLimit: 1.5 }, { userLimit: 'INVALID_TYPE' }],
    [{ accessTokenTtlSeconds: null }, { accessTokenTtlSeconds: 'INVALID_TYPE' }],
    [{ signingAlgorithm: 'none' }, { signingAlgorithm: 'NOT_ALLOWED' }],
    [{ passwordPolicy: { breachCheck: true } }, { 'passwordPolicy.breachCheck': 'NOT_ALLOWED' }],
    [{ rateLimits: { login: { limit: '9' } } }, { 'rateLimits.login.limit': 'INVALID_TYPE' }],
    [{ ipRules: { allow: ['10.0.0.0/33'] } }, { 'ipRules.allow.0': 'INVALID_FORMAT' }],
    [{ ipRules: { deny: ['::1', 'localhost'] } }, { 'ipRules.deny.1': 'INVALID_FORMAT' }],
    [{ ipRules: { deny: '::1' } }, { 'ipRules.deny': 'INVALID_TYPE' }],
    [{ firewallRules: [{ action: 'allow', path: '/x' }] }, { 'firewallRules.0.action': 'NOT_ALLOWED' }],
    [{ firewallRules: [{ action: 'deny' }] }, { 'firewallRules.0': 'NOT_ALLOWED' }],
    [{ firewallRules: [{ action: 'deny', path: 'x' }] }, { 'firewallRules.0.path': 'INVALID_FORMAT' }],
    [{ defaultRole: 'Not a slug' }, { defaultRole: 'INVALID_FORMAT' }],
    [{ issuerName: 'http://x' }, { issuerName: 'NOT_ALLOWED' }],
  ])('is strict: %j', (patch, expected) => {
    expect(codes(SettingsPatch, patch)).toEqual(expected);
  });
});
