import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/adapters/config/config.ts';
import { policyOf } from '../../src/adapters/container/policy.ts';
import { defaultPolicy } from '../../src/application/policy.ts';

const policyWith = (environment: NodeJS.ProcessEnv) => policyOf(readConfig(false, environment));
const recoveryWith = (RECOVERY_MAX_ATTEMPTS: string) => policyWith({ RECOVERY_MAX_ATTEMPTS }).attempts.recovery;

describe('RECOVERY_MAX_ATTEMPTS', () => {
  it('is five when nothing is said: the policy is the default one', () => {
    expect(policyWith({})).toEqual(defaultPolicy);
  });

  it.each([
    ['1', 1, 3],
    ['7', 7, 21],
    ['33', 33, 99],
  ])('of %s locks after so many wrong codes, and closes after three such locks', (given, limit, closesAfter) => {
    expect(recoveryWith(given)).toEqual({ ...defaultPolicy.attempts.recovery, limit, closesAfter });
  });

  it('lets nobody fail more than a hundred times in a row', () => {
    for (const given of ['34', '100']) expect(recoveryWith(given).closesAfter).toBe(100);
  });

  it('leaves every other budget as it is', () => {
    const { recovery: _, ...others } = policyWith({ RECOVERY_MAX_ATTEMPTS: '9' }).attempts;
    expect(defaultPolicy.attempts).toMatchObject(others);
  });

  it.each(['0', '101', '-5', '2.5', 'five', 'Infinity'])('cannot be %s', (RECOVERY_MAX_ATTEMPTS) => {
    expect(() => readConfig(false, { RECOVERY_MAX_ATTEMPTS })).toThrow(
      'RECOVERY_MAX_ATTEMPTS: a whole number from 1 to 100 is needed',
    );
  });
});
