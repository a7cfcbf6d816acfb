import { describe, expect, it } from 'vitest';
import { Lately } from '../../src/adapters/observability/lately.ts';

const LONG = 60_000;

/** Counts how often it is asked, and answers what it is told to. */
function asked<T>(answer: (time: number) => Promise<T>) {
  const times = { count: 0 };
  const ask = () => {
    times.count += 1;
    return answer(times.count);
  };
  return { ask, times };
}

describe('an answer of a moment ago', () => {
  it('is asked for once while it is good', async () => {
    const { ask, times } = asked(async (time) => time);
    const lately = new Lately(ask, { goodForMs: LONG, deadlineMs: LONG });
    expect(await lately.get()).toBe(1);
    expect(await lately.get()).toBe(1);
    expect(times.count).toBe(1);
  });

  it('is asked for again when it is no longer good', async () => {
    const { ask } = asked(async (time) => time);
    const lately = new Lately(ask, { goodForMs: 0, deadlineMs: LONG });
    expect(await lately.get()).toBe(1);
    expect(await lately.get()).toBe(2);
  });

  it('is asked for once by sixteen at once', async () => {
    const { ask, times } = asked(async (time) => time);
    const lately = new Lately(ask, { goodForMs: LONG, deadlineMs: LONG });
    const answers = await Promise.all(Array.from({ length: 16 }, () => lately.get()));
    expect(new Set(answers)).toEqual(new Set([1]));
    expect(times.count).toBe(1);
  });

  it('is none when it fails, for as long as an answer would be good', async () => {
    const { ask, times } = asked(() => Promise.reject(new Error('no database')));
    const lately = new Lately(ask, { goodForMs: LONG, deadlineMs: LONG });
    expect(await lately.get()).toBeUndefined();
    expect(await lately.get()).toBeUndefined();
    expect(times.count).toBe(1);
  });

  it('is none when it takes too long; nobody asks again meanwhile, and it counts when it comes', async () => {
    let answer: (value: string) => void = () => {};
    const { ask, times } = asked(
      () =>
        new Promise<string>((resolve) => {
          answer = resolve;
        }),
    );
    const lately = new Lately(ask, { goodForMs: LONG, deadlineMs: 5 });
    expect(await lately.get()).toBeUndefined();
    expect(await lately.get()).toBeUndefined();
    expect(times.count).toBe(1);
    answer('late');
    await expect.poll(() => lately.get()).toBe('late');
    expect(times.count).toBe(1);
  });
});
