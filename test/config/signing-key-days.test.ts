import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/adapters/config/config.ts';
import { policyOf } from '../../src/adapters/container/policy.ts';
import { defaultPolicy } from '../../src/application/policy.ts';

const DAY = 24 * 60 * 60;
const policyWith = (environment: NodeJS.ProcessEnv) => policyOf(readConfig(false, environment));

describe('SIGNING_KEY_DAYS', () => {
  it('is ninety when nothing is said', () => {
    expect(policyWith({}).signingKeySeconds).toBe(90 * DAY);
    expect(defaultPolicy.signingKeySeconds).toBe(90 * DAY);
  });

  it.each([
    ['1', DAY],
    ['3650', 3650 * DAY],
  ])('can be %s', (SIGNING_KEY_DAYS, seconds) => {
    expect(policyWith({ SIGNING_KEY_DAYS }).signingKeySeconds).toBe(seconds);
  });

  it.each(['0', '3651', '-1', '1.5', '1e2', '0x10', ' 7', 'off'])('cannot be %s', (SIGNING_KEY_DAYS) => {
    expect(() => readConfig(false, { SIGNING_KEY_DAYS })).toThrow(
      'SIGNING_KEY_DAYS: a whole number from 1 to 3650 is needed',
    );
  });
});
