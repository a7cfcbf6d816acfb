import { describe, expect, it } from 'vitest';
import { HashGate } from '../../src/adapters/crypto/hash-gate.ts';
import { IamError } from '../../src/domain/errors.ts';

const PATIENT = 60_000;

/** Work that ends when it is told to. */
function held() {
  let release: () => void = () => {};
  let fail: (error: Error) => void = () => {};
  const done = new Promise<void>((resolve, reject) => {
    release = resolve;
    fail = reject;
  });
  return { work: () => done, release: () => release(), fail: (error: Error) => fail(error) };
}

/** Everything that is already decided has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('HashGate', () => {
  it('lets no more run at once than it was told, and all of them in the end, first come first served', async () => {
    const gate = new HashGate({ concurrency: 2, queue: 16, deadlineMs: PATIENT });
    let running = 0;
    let most = 0;
    const finished: number[] = [];
    await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        gate.run(async () => {
          running += 1;
          most = Math.max(most, running);
          await settled();
          running -= 1;
          finished.push(index);
        }),
      ),
    );
    expect(most).toBe(2);
    expect(finished).toEqual([...finished].sort((a, b) => a - b));
  });

  it('refuses at once with `overloaded` when the queue is full, and takes others again later', async () => {
    const gate = new HashGate({ concurrency: 1, queue: 1, deadlineMs: 2_500 });
    const first = held();
    const running = gate.run(first.work);
    const waiting = gate.run(async () => 'waited');
    const refused = await gate.run(async () => 'never').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(IamError);
    expect(refused).toMatchObject({ code: 'overloaded', details: { retryAfterSeconds: 3 } });
    first.release();
    await running;
    expect(await waiting).toBe('waited');
    expect(await gate.run(async () => 'later')).toBe('later');
  });

  it('refuses whoever has waited past the deadline, and gives their place to nobody', async () => {
    const gate = new HashGate({ concurrency: 1, queue: 1, deadlineMs: 5 });
    const first = held();
    const running = gate.run(first.work);
    let ran = false;
    const late = gate.run(async () => {
      ran = true;
    });
    await expect(late).rejects.toMatchObject({ code: 'overloaded', details: { retryAfterSeconds: 1 } });
    first.release();
    await running;
    await settled();
    expect(ran).toBe(false);
    expect(await gate.run(async () => 'next')).toBe('next');
  });

  it('frees the place of work that failed', async () => {
    const gate = new HashGate({ concurrency: 1, queue: 1, deadlineMs: PATIENT });
    const first = held();
    const running = gate.run(first.work);
    const waiting = gate.run(async () => 'waited');
    first.fail(new Error('broken hash'));
    await expect(running).rejects.toThrow('broken hash');
    expect(await waiting).toBe('waited');
  });

  it('keeps the place of whoever has something to do first, and turns others away before they do it', async () => {
    const gate = new HashGate({ concurrency: 1, queue: 1, deadlineMs: PATIENT });
    const [first, before] = [held(), held()];
    const running = gate.run(first.work);
    const keeping = gate.withPlace(async (run) => {
      await before.work();
      return run(async () => 'had its turn');
    });
    let begun = false;
    const turnedAway = gate.withPlace(async () => {
      begun = true;
    });
    await expect(turnedAway).rejects.toMatchObject({ code: 'overloaded' });
    await expect(gate.run(settled)).rejects.toMatchObject({ code: 'overloaded' });
    expect(begun).toBe(false);
    before.release();
    await settled();
    first.release();
    await running;
    expect(await keeping).toBe('had its turn');
  });

  it('frees a place that was kept for nothing, whatever came of it', async () => {
    const gate = new HashGate({ concurrency: 1, queue: 0, deadlineMs: PATIENT });
    expect(await gate.withPlace(async () => 'no hash')).toBe('no hash');
    await expect(gate.withPlace(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await gate.withPlace((run) => run(settled));
    expect(await gate.run(async () => 'next')).toBe('next');
  });

  it('says how many run and wait, and how many waited and were refused so far', async () => {
    const gate = new HashGate({ concurrency: 1, queue: 1, deadlineMs: PATIENT });
    expect(gate.load()).toEqual({ running: 0, waiting: 0, waited: 0, waitedSeconds: 0, refused: 0 });
    const first = held();
    const running = gate.run(first.work);
    const waiting = gate.run(settled);
    await expect(gate.run(settled)).rejects.toMatchObject({ code: 'overloaded' });
    expect(gate.load()).toEqual({ running: 1, waiting: 1, waited: 0, waitedSeconds: 0, refused: 1 });
    first.release();
    await Promise.all([running, waiting]);
    const { waitedSeconds, ...rest } = gate.load();
    expect(rest).toEqual({ running: 0, waiting: 0, waited: 1, refused: 1 });
    expect(waitedSeconds).toBeGreaterThan(0);
  });

  it('counts those who waited in vain among those who waited', async () => {
    const gate = new HashGate({ concurrency: 1, queue: 1, deadlineMs: 5 });
    const first = held();
    const running = gate.run(first.work);
    await expect(gate.run(settled)).rejects.toMatchObject({ code: 'overloaded' });
    expect(gate.load()).toMatchObject({ running: 1, waiting: 0, waited: 1, refused: 1 });
    first.release();
    await running;
  });
});
