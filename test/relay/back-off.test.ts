import fc from 'fast-check';
import { expect, it } from 'vitest';
import { backOffMs } from '../../src/adapters/relay/back-off.ts';

it('doubles from a second to 15 minutes, up to half of it taken off at random', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), (failures) => {
      const longest = Math.min(1_000 * 2 ** (failures - 1), 900_000);
      const wait = backOffMs(failures);
      expect(wait).toBeLessThanOrEqual(longest);
      expect(wait).toBeGreaterThanOrEqual(longest / 2);
    }),
  );
});

it('scatters what failed together', () => {
  expect(new Set(Array.from({ length: 100 }, () => backOffMs(5))).size).toBeGreaterThan(90);
});
