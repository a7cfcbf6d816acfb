import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/adapters/config/config.ts';

const aKey = () => randomBytes(32).toString('base64');
const OTHERS = ['MASTER_KEY_PREVIOUS', 'MASTER_KEY_NEXT'] as const;

describe('the master keys', () => {
  it('are one, with the one before it and the one after it beside it', () => {
    const keys = { MASTER_KEY: aKey(), MASTER_KEY_PREVIOUS: aKey(), MASTER_KEY_NEXT: aKey() };
    const { masterKey, previousMasterKey, nextMasterKey } = readConfig(false, keys);
    const read = [masterKey, previousMasterKey, nextMasterKey].map((key) => Buffer.from(key ?? []).toString('base64'));
    expect(read).toEqual(Object.values(keys));
    expect(readConfig(false, {})).toMatchObject({ previousMasterKey: undefined, nextMasterKey: undefined });
  });

  it.each(OTHERS)('are not the same: %s is another', (name) => {
    const MASTER_KEY = aKey();
    expect(() => readConfig(false, { MASTER_KEY, [name]: MASTER_KEY })).toThrow(`${name}: it is MASTER_KEY already`);
  });

  it('are not the same: what comes next is not what was before', () => {
    const [MASTER_KEY, other] = [aKey(), aKey()];
    const keys = { MASTER_KEY, MASTER_KEY_PREVIOUS: other, MASTER_KEY_NEXT: other };
    expect(() => readConfig(false, keys)).toThrow('MASTER_KEY_NEXT: it is MASTER_KEY_PREVIOUS already');
  });

  it.each(['MASTER_KEY', ...OTHERS])('have 32 bytes each: %s too', (name) => {
    for (const bytes of [16, 31, 33]) {
      const key = randomBytes(bytes).toString('base64');
      expect(() => readConfig(false, { [name]: key })).toThrow(`${name}: 32 bytes in base64 are needed`);
    }
  });
});
