import { expect, it } from 'vitest';
import { MemoryRateLimiter } from '../../src/adapters/memory/index.ts';
import { describeRateLimiterContract } from '../contracts/rate-limiter.contract.ts';
import { SettableClock } from '../support/clock.ts';

describeRateLimiterContract('memory', async () => {
  const clock = new SettableClock();
  return {
    rateLimiter: new MemoryRateLimiter(clock),
    elapse: async (seconds) => clock.advance(seconds),
    dispose: async () => {},
  };
});

const limit = { limit: 1, windowSeconds: 60 };

it('drops windows that have ended, so that memory stays bounded', async () => {
  const clock = new SettableClock();
  const limiter = new MemoryRateLimiter(clock);
  for (let key = 0; key < 20_000; key += 1) {
    if (key % 100 === 0) clock.advance(60);
    await limiter.hit(`key-${key}`, limit);
  }

  expect(limiter.size).toBeLessThan(2048);
});

it('forgets the oldest windows rather than grow without bound', async () => {
  const limiter = new MemoryRateLimiter(new SettableClock());
  for (let key = 0; key < 100_100; key += 1) await limiter.hit(`key-${key}`, limit);

  expect(limiter.size).toBe(100_000);
  expect(await limiter.hit('key-100099', limit)).toMatchObject({ exceeded: true });
  expect(await limiter.hit('key-0', limit)).toMatchObject({ exceeded: false });
});

it('opens a new window when the clock was set back beyond the old one', async () => {
  const clock = new SettableClock();
  const limiter = new MemoryRateLimiter(clock);
  await limiter.hit('key', limit);
  clock.advance(-3600);

  expect(await limiter.hit('key', limit)).toMatchObject({ resetSeconds: 60, exceeded: false });
});
