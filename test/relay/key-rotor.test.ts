import { afterEach, describe, expect, it, vi } from 'vitest';
import { KeyRotor, type KeyRotorParts } from '../../src/adapters/relay/key-rotor.ts';
import type { Trouble } from '../../src/adapters/relay/report.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import { anId } from '../support/builders.ts';

const started: KeyRotor[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((rotor) => rotor.stop()));
});

/** So many projects whose keys are due, and a rotor in a hurry. */
function aBunch(due: number, given: Partial<KeyRotorParts> = {}) {
  const bunch = { due, runs: 0, running: 0, most: 0 };
  const troubles: Trouble[] = [];
  const rotor = new KeyRotor({
    rotate: async (limit, goesOn) => {
      bunch.runs += 1;
      bunch.running += 1;
      bunch.most = Math.max(bunch.most, bunch.running);
      for (let left = limit; left > 0 && bunch.due > 0 && goesOn(); left -= 1) {
        await new Promise((resolve) => setImmediate(resolve));
        bunch.due -= 1;
      }
      bunch.running -= 1;
      return [];
    },
    report: (trouble) => troubles.push(trouble),
    firstAfterMs: 1,
    everyMs: 1,
    ...given,
  });
  started.push(rotor);
  return { bunch, troubles, rotor };
}

describe('KeyRotor', () => {
  it('has keys followed again and again, one run at a time', async () => {
    const { bunch, rotor } = aBunch(120);
    rotor.start();
    await vi.waitFor(() => expect(bunch.due).toBe(0));
    bunch.due = 10;
    await vi.waitFor(() => expect(bunch.due).toBe(0));
    expect(bunch.most).toBe(1);
  });

  it('leaves starting up alone', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { bunch, rotor } = aBunch(1, { firstAfterMs: 60_000 });
      rotor.start();
      vi.advanceTimersByTime(59_999);
      expect(bunch.runs).toBe(0);
      vi.advanceTimersByTime(1);
      expect(bunch.runs).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('reports the projects where it failed, and a run that fails, and goes on', async () => {
    const projectId = anId<ProjectId>();
    let runs = 0;
    const { rotor, troubles } = aBunch(0, {
      rotate: async () => {
        runs += 1;
        if (runs === 1) throw new Error('database gone');
        return [{ projectId, error: new Error('no entropy') }];
      },
    });
    rotor.start();
    await vi.waitFor(() => expect(troubles.length).toBeGreaterThan(1));
    expect(troubles.slice(0, 2)).toMatchObject([
      { what: 'rotation-failed', error: { message: 'database gone' } },
      { what: 'rotation-failed', error: { message: 'no entropy' }, projectId },
    ]);
  });

  it('stops after the project under way', async () => {
    const { bunch, rotor } = aBunch(Number.POSITIVE_INFINITY);
    rotor.start();
    await vi.waitFor(() => expect(bunch.runs).toBeGreaterThan(0));
    await rotor.stop();
    const { runs } = bunch;
    await new Promise((resolve) => setImmediate(resolve));
    expect([bunch.running, bunch.runs]).toEqual([0, runs]);
  });
});
