import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/adapters/config/config.ts';

describe('the environment', () => {
  it.each([
    ['1', 47_104],
    ['2', 19_456],
    ['3', 12_288],
    ['4', 9_216],
    ['5', 7_168],
    ['9', 7_168],
  ])('cannot make hashes weaker than OWASP asks for, with %s iterations', (HASH_ITERATIONS, least) => {
    const read = (memory: number) => readConfig(false, { HASH_ITERATIONS, HASH_MEMORY_KIB: String(memory) });
    expect(read(least).hash).toMatchObject({ memoryKib: least, iterations: Number(HASH_ITERATIONS) });
    expect(() => read(least - 1)).toThrow('HASH_MEMORY_KIB');
  });

  it('cannot put a mailbox page or a made-up key before strangers', () => {
    const strangers = { HOST: '0.0.0.0', PUBLIC_URL: 'https://iam.example' };
    expect(() => readConfig(false, strangers)).toThrow('SMTP_URL');
    expect(() => readConfig(false, { NODE_ENV: 'production' })).toThrow('SMTP_URL');
    expect(() => readConfig(false, { DATABASE_URL: 'postgres://db/castellan' })).toThrow('MASTER_KEY');
    expect(() => readConfig(false, { MASTER_KEY: 'c2hvcnQ=' })).toThrow('MASTER_KEY');
    expect(readConfig(false, {}).mail).toEqual({ kind: 'mailbox' });
  });

  it('lets no origin in by a wildcard or a path', () => {
    for (const CORS_ORIGINS of ['*', 'null', 'app.example', 'https://app.example/', 'https://app.example,*']) {
      expect(() => readConfig(false, { CORS_ORIGINS }), CORS_ORIGINS).toThrow('CORS_ORIGINS');
    }
  });
});
