import { afterEach, describe, expect, it, vi } from 'vitest';
import { EventPublisher, type EventPublisherParts } from '../../src/adapters/relay/event-publisher.ts';
import type { Trouble } from '../../src/adapters/relay/report.ts';

const NEVER = 600_000;
const started: EventPublisher[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((publisher) => publisher.stop()));
});

/** So many events that wait to be published, and a publisher of them. */
function aLine(events: number, given: Partial<EventPublisherParts> = {}) {
  const line = { events, looks: 0, running: 0, most: 0, told: 0 };
  const troubles: Trouble[] = [];
  const listeners: (() => void)[] = [];
  const publisher = new EventPublisher({
    onAdded: (listener) => listeners.push(listener),
    publish: async (limit) => {
      line.looks += 1;
      line.running += 1;
      line.most = Math.max(line.most, line.running);
      await new Promise((resolve) => setImmediate(resolve));
      line.running -= 1;
      const published = Math.min(limit, line.events);
      line.events -= published;
      return published;
    },
    onPublished: () => {
      line.told += 1;
    },
    report: (trouble) => troubles.push(trouble),
    everyMs: NEVER,
    ...given,
  });
  started.push(publisher);
  const commit = (count: number) => {
    line.events += count;
    for (const listener of listeners) listener();
  };
  return { line, troubles, publisher, commit };
}

describe('EventPublisher', () => {
  it('publishes soon after a commit of this process, and says so', async () => {
    const { line, publisher, commit } = aLine(0);
    publisher.start();
    commit(3);
    await vi.waitFor(() => expect(line).toMatchObject({ events: 0, told: 1 }));
  });

  it('publishes what many commits have added in one go', async () => {
    const { line, publisher, commit } = aLine(0);
    publisher.start();
    for (let i = 0; i < 50; i += 1) commit(1);
    await vi.waitFor(() => expect(line.events).toBe(0));
    expect(line.looks).toBe(1);
  });

  it('publishes what is committed while it publishes', async () => {
    const { line, publisher, commit } = aLine(0, {
      publish: async () => {
        line.looks += 1;
        if (line.looks === 1) commit(1);
        return 1;
      },
    });
    publisher.start();
    commit(1);
    await vi.waitFor(() => expect(line.looks).toBe(2));
  });

  it('publishes what was committed elsewhere, again and again, one run at a time', async () => {
    const { line, publisher } = aLine(1_234, { everyMs: 1 });
    publisher.start();
    await vi.waitFor(() => expect(line.events).toBe(0));
    line.events = 10;
    await vi.waitFor(() => expect(line.events).toBe(0));
    expect(line.most).toBe(1);
  });

  it('comes every second', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { line, publisher } = aLine(0, { everyMs: undefined as never });
      publisher.start();
      vi.advanceTimersByTime(999);
      expect(line.looks).toBe(0);
      vi.advanceTimersByTime(1);
      expect(line.looks).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('reports what fails, and publishes again', async () => {
    let broken = true;
    const { line, publisher, troubles } = aLine(5, {
      everyMs: 1,
      publish: async () => {
        if (broken) throw new Error('database gone');
        const published = line.events;
        line.events = 0;
        return published;
      },
    });
    publisher.start();
    await vi.waitFor(() => expect(troubles.map(({ what }) => what)).toContain('publish-failed'));
    broken = false;
    await vi.waitFor(() => expect(line.events).toBe(0));
  });

  it('ends the batch under way when it stops, and begins no other', async () => {
    const begun: (() => void)[] = [];
    const { publisher, commit } = aLine(0, {
      publish: (limit) => new Promise((resolve) => begun.push(() => resolve(limit))),
    });
    publisher.start();
    commit(10_000);
    await vi.waitFor(() => expect(begun).toHaveLength(1));
    let stopped = false;
    const stopping = publisher.stop().then(() => {
      stopped = true;
    });
    commit(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped).toBe(false);
    begun[0]?.();
    await stopping;
    expect(begun).toHaveLength(1);
  });
});
