import { describe, expect, it } from 'vitest';
import { hashGate } from '../../src/adapters/container/crypto-ports.ts';
import { HashGate } from '../../src/adapters/crypto/hash-gate.ts';
import { IamError } from '../../src/domain/errors.ts';

const PATIENT = 60_000;
const LIGHT = 20;
const ROOM = 100;

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
    const gate = new HashGate({ concurrency: 2, memoryKib: ROOM, queue: 16, deadlineMs: PATIENT });
    let running = 0;
    let most = 0;
    const finished: number[] = [];
    await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        gate.run(LIGHT, async () => {
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
    const gate = new HashGate({ concurrency: 1, memoryKib: ROOM, queue: 1, deadlineMs: 2_500 });
    const first = held();
    const running = gate.run(LIGHT, first.work);
    const waiting = gate.run(LIGHT, async () => 'waited');
    const refused = await gate.run(LIGHT, async () => 'never').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(IamError);
    expect(refused).toMatchObject({ code: 'overloaded', details: { retryAfterSeconds: 3 } });
    first.release();
    await running;
    expect(await waiting).toBe('waited');
    expect(await gate.run(LIGHT, async () => 'later')).toBe('later');
  });

  it('refuses whoever has waited past the deadline, and gives their place to nobody', async () => {
    const gate = new HashGate({ concurrency: 1, memoryKib: ROOM, queue: 1, deadlineMs: 5 });
    const first = held();
    const running = gate.run(LIGHT, first.work);
    let ran = false;
    const late = gate.run(LIGHT, async () => {
      ran = true;
    });
    await expect(late).rejects.toMatchObject({ code: 'overloaded', details: { retryAfterSeconds: 1 } });
    first.release();
    await running;
    await settled();
    expect(ran).toBe(false);
    expect(await gate.run(LIGHT, async () => 'next')).toBe('next');
  });

  it('frees the place of work that failed', async () => {
    const gate = new HashGate({ concurrency: 1, memoryKib: ROOM, queue: 1, deadlineMs: PATIENT });
    const first = held();
    const running = gate.run(LIGHT, first.work);
    const waiting = gate.run(LIGHT, async () => 'waited');
    first.fail(new Error('broken hash'));
    await expect(running).rejects.toThrow('broken hash');
    expect(await waiting).toBe('waited');
  });

  it('keeps the place of whoever has something to do first, and turns others away before they do it', async () => {
    const gate = new HashGate({ concurrency: 1, memoryKib: ROOM, queue: 1, deadlineMs: PATIENT });
    const [first, before] = [held(), held()];
    const running = gate.run(LIGHT, first.work);
    const keeping = gate.withPlace(async (run) => {
      await before.work();
      return run(LIGHT, async () => 'had its turn');
    });
    let begun = false;
    const turnedAway = gate.withPlace(async () => {
      begun = true;
    });
    await expect(turnedAway).rejects.toMatchObject({ code: 'overloaded' });
    await expect(gate.run(LIGHT, settled)).rejects.toMatchObject({ code: 'overloaded' });
    expect(begun).toBe(false);
    before.release();
    await settled();
    first.release();
    await running;
    expect(await keeping).toBe('had its turn');
  });

  it('frees a place that was kept for nothing, whatever came of it', async () => {
    const gate = new HashGate({ concurrency: 1, memoryKib: ROOM, queue: 0, deadlineMs: PATIENT });
    expect(await gate.withPlace(async () => 'no hash')).toBe('no hash');
    await expect(gate.withPlace(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await gate.withPlace((run) => run(LIGHT, settled));
    expect(await gate.run(LIGHT, async () => 'next')).toBe('next');
  });

  it('says how many run and wait, and how many waited and were refused so far', async () => {
    const gate = new HashGate({ concurrency: 1, memoryKib: ROOM, queue: 1, deadlineMs: PATIENT });
    expect(gate.load()).toEqual({ running: 0, waiting: 0, waited: 0, waitedSeconds: 0, refused: 0 });
    const first = held();
    const running = gate.run(LIGHT, first.work);
    const waiting = gate.run(LIGHT, settled);
    await expect(gate.run(LIGHT, settled)).rejects.toMatchObject({ code: 'overloaded' });
    expect(gate.load()).toEqual({ running: 1, waiting: 1, waited: 0, waitedSeconds: 0, refused: 1 });
    first.release();
    await Promise.all([running, waiting]);
    const { waitedSeconds, ...rest } = gate.load();
    expect(rest).toEqual({ running: 0, waiting: 0, waited: 1, refused: 1 });
    expect(waitedSeconds).toBeGreaterThan(0);
  });

  it('counts those who waited in vain among those who waited', async () => {
    const gate = new HashGate({ concurrency: 1, memoryKib: ROOM, queue: 1, deadlineMs: 5 });
    const first = held();
    const running = gate.run(LIGHT, first.work);
    await expect(gate.run(LIGHT, settled)).rejects.toMatchObject({ code: 'overloaded' });
    expect(gate.load()).toMatchObject({ running: 1, waiting: 0, waited: 1, refused: 1 });
    first.release();
    await running;
  });
});

describe('the memory of what runs at once', () => {
  const MIB = 1024;
  const patient = { concurrency: 4, queue: 16, deadlineMs: PATIENT };

  /** Work that notes that it has begun. */
  function noted(begun: string[], name: string) {
    const { work, release } = held();
    return {
      work: () => {
        begun.push(name);
        return work();
      },
      release,
    };
  }

  it('stays within what there is, whatever comes when', async () => {
    const gate = new HashGate({ ...patient, memoryKib: ROOM });
    let [together, most, ran] = [0, 0, 0];
    const sizes = Array.from({ length: 20 }, (_, index) => [10, 60, 30, 100, 45][index % 5] ?? 0);
    await Promise.all(
      sizes.map((size) =>
        gate.run(size, async () => {
          together += size;
          most = Math.max(most, together);
          await settled();
          together -= size;
          ran += 1;
        }),
      ),
    );
    expect(ran).toBe(20);
    expect(most).toBe(ROOM);
  });

  it('is exceeded by none but what needs more by itself, which runs alone', async () => {
    const gate = new HashGate({ ...patient, memoryKib: ROOM });
    const begun: string[] = [];
    const [light, heavy, next] = [noted(begun, 'light'), noted(begun, 'heavy'), noted(begun, 'next')];
    const all = [gate.run(LIGHT, light.work), gate.run(ROOM + 1, heavy.work), gate.run(1, next.work)];
    await settled();
    expect(begun).toEqual(['light']);
    light.release();
    await settled();
    expect(begun).toEqual(['light', 'heavy']);
    heavy.release();
    await settled();
    expect(begun).toEqual(['light', 'heavy', 'next']);
    next.release();
    await Promise.all(all);
  });

  it('is waited for in turn: nobody who needs little overtakes who needs much', async () => {
    const gate = new HashGate({ ...patient, memoryKib: ROOM });
    const begun: string[] = [];
    const [first, heavy] = [noted(begun, 'first'), noted(begun, 'heavy')];
    const all = [gate.run(LIGHT, first.work), gate.run(ROOM, heavy.work)];
    for (let count = 0; count < 8; count += 1) all.push(gate.run(LIGHT, async () => {}));
    expect(gate.load()).toMatchObject({ running: 1, waiting: 9 });
    first.release();
    await settled();
    expect(begun).toEqual(['first', 'heavy']);
    expect(gate.load()).toMatchObject({ running: 1, waiting: 8 });
    heavy.release();
    await Promise.all(all);
  });

  it('is for those behind when whoever waits for much gives up', async () => {
    const gate = new HashGate({ ...patient, memoryKib: ROOM, deadlineMs: 20 });
    const first = held();
    const running = gate.run(LIGHT, first.work);
    const refused = expect(gate.run(ROOM, settled)).rejects.toMatchObject({ code: 'overloaded' });
    const behind = gate.run(LIGHT, async () => 'ran beside the first');
    await refused;
    expect(await behind).toBe('ran beside the first');
    first.release();
    await running;
  });

  it('leaves the number of those who may come as it is', async () => {
    const gate = new HashGate({ concurrency: 2, memoryKib: ROOM, queue: 1, deadlineMs: PATIENT });
    const first = held();
    const all = [gate.run(ROOM, first.work), gate.run(ROOM, settled), gate.run(ROOM, settled)];
    await expect(gate.run(LIGHT, settled)).rejects.toMatchObject({ code: 'overloaded' });
    first.release();
    await Promise.all(all);
    expect(gate.load()).toMatchObject({ running: 0, waiting: 0, waited: 2, refused: 1 });
  });

  it('is enough for as many of ours as may run, and for 192 MiB of others', async () => {
    const runningOf = async (memoryKib: number, sizes: readonly number[]) => {
      const gate = hashGate({ concurrency: 4, queue: 16, memoryKib });
      const works = sizes.map((size) => ({ size, ...held() }));
      const all = works.map(({ size, work }) => gate.run(size, work));
      const { running } = gate.load();
      for (const { release } of works) release();
      await Promise.all(all);
      return running;
    };
    expect(await runningOf(19 * MIB, Array(8).fill(19 * MIB))).toBe(4);
    expect(await runningOf(512 * MIB, Array(8).fill(512 * MIB))).toBe(4);
    expect(await runningOf(19 * MIB, [129 * MIB, 19 * MIB, 19 * MIB, 19 * MIB])).toBe(4);
    expect(await runningOf(19 * MIB, [96 * MIB, 96 * MIB, 1])).toBe(2);
    expect(await runningOf(19 * MIB, [256 * MIB, 19 * MIB])).toBe(1);
  });
});
