import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryRateLimiter } from '../../src/adapters/memory/index.ts';
import { describeRateLimiterContract } from '../contracts/rate-limiter.contract.ts';
import { SettableClock, secondsAfter } from '../support/clock.ts';

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

  expect(limiter.size).toBeGreaterThan(90_000);
  expect(limiter.size).toBeLessThanOrEqual(100_000);
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

describe('a window that is counted elsewhere too', () => {
  const five = { limit: 5, windowSeconds: 60 };
  let clock: SettableClock;
  let limiter: MemoryRateLimiter;
  beforeEach(() => {
    clock = new SettableClock();
    limiter = new MemoryRateLimiter(clock);
  });
  const raise = (count: number, seconds: number) =>
    limiter.raise('key', five, count, secondsAfter(clock.now(), seconds));

  it('goes on from where it stands there, and ends when it ends there', async () => {
    raise(3, 20);

    expect(await limiter.hit('key', five)).toMatchObject({ remaining: 1, resetSeconds: 20 });
    expect(await limiter.hit('key', five)).toMatchObject({ remaining: 0, exceeded: false });
    expect(await limiter.hit('key', five)).toMatchObject({ exceeded: true });
  });

  it('is not lowered by what has forgotten it', async () => {
    raise(5, 20);
    raise(1, 60);

    expect(await limiter.peek('key', five)).toMatchObject({ exceeded: true, resetSeconds: 20 });
  });

  it('is not opened by nothing', async () => {
    raise(0, 20);

    expect(await limiter.hit('key', five)).toMatchObject({ remaining: 4, resetSeconds: 60 });
  });

  it('is a new one there when it has ended here', async () => {
    raise(5, 20);
    clock.advance(20);
    raise(1, 60);

    expect(await limiter.hit('key', five)).toMatchObject({ remaining: 3, resetSeconds: 60 });
  });
});
