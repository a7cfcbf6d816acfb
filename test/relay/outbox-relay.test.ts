import { afterEach, describe, expect, it, vi } from 'vitest';
import { memoryAdapters } from '../../src/adapters/memory/index.ts';
import { SmtpNotifier } from '../../src/adapters/notify/smtp-notifier.ts';
import { OutboxRelay, type OutboxRelayParts, type RelayLimits } from '../../src/adapters/relay/outbox-relay.ts';
import type { Trouble } from '../../src/adapters/relay/report.ts';
import type { EmailAddress } from '../../src/domain/user/email-address.ts';
import type { OutboxFeed, OutboxMessage } from '../../src/ports/outbox-feed.ts';
import { attested } from '../support/attested.ts';
import { anEmail, anId } from '../support/builders.ts';
import { SettableClock } from '../support/clock.ts';
import { MailServer } from '../support/smtp.ts';

const started: OutboxRelay[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((relay) => relay.stop()));
});

/** A relay in a hurry over a feed in memory, and what it did. */
function aRelay(react: OutboxRelayParts['react'] = async () => {}, limits: Partial<RelayLimits> = {}) {
  const clock = new SettableClock();
  const { store, unitOfWork, outboxFeed } = memoryAdapters({ clock, attested });
  const seen: string[] = [];
  const troubles: Trouble[] = [];

  const add = async (count: number): Promise<readonly EmailAddress[]> => {
    const emails = Array.from({ length: count }, () => anEmail());
    await unitOfWork.run(async ({ events }) => {
      for (const email of emails) {
        const occurredAt = clock.now().toISOString();
        events.record({ type: 'password-reset-requested', projectId: anId(), email, dialect: 'gate', occurredAt });
      }
    });
    return emails;
  };
  const relayOver = (feed: OutboxFeed) => {
    const relay = new OutboxRelay({
      feed,
      react: async (message) => {
        await react(message);
        seen.push(emailOf(message));
      },
      clock,
      report: (trouble) => troubles.push(trouble),
      limits: { pollMs: 5, gatherMs: 1, ...limits },
    });
    started.push(relay);
    return relay;
  };
  return { clock, store, outboxFeed, seen, troubles, add, relayOver, relay: relayOver(outboxFeed) };
}

function emailOf({ event }: OutboxMessage): string {
  return event.type === 'password-reset-requested' ? event.email : expect.fail();
}

/** A door that stays shut until it is opened. */
function door() {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

describe('OutboxRelay', () => {
  it('reacts to what was committed before it started and to what is committed after, once to each', async () => {
    const { relay, add, seen, store } = aRelay();
    const before = await add(3);
    relay.start();
    await vi.waitFor(() => expect(seen).toHaveLength(3));
    const after = await add(200);
    await vi.waitFor(() => expect(store.outbox.size).toBe(0));
    expect([...seen].sort()).toEqual([...before, ...after].sort());
  });

  it('does not wait for its next look when it is nudged', async () => {
    const { relay, add, seen } = aRelay(undefined, { pollMs: 3_600_000 });
    relay.start();
    const emails = await add(100);
    await vi.waitFor(() => expect([...seen].sort()).toEqual([...emails].sort()));
  });

  it('reacts to a few at a time', async () => {
    let running = 0;
    let most = 0;
    const { relay, add, store } = aRelay(
      async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
      },
      { concurrency: 4 },
    );
    await add(100);
    relay.start();
    await vi.waitFor(() => expect(store.outbox.size).toBe(0));
    expect(most).toBe(4);
  });

  it('tries again later what failed, later each time', async () => {
    let failures = 2;
    const { relay, add, seen, store, clock, troubles } = aRelay(async () => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('mail server gone');
      }
    });
    await add(1);
    const startedAt = clock.now();
    const dueIn = () => {
      const [row] = store.outbox.values();
      return row?.reason === undefined ? undefined : ((row.availableAt?.getTime() ?? 0) - clock.now().getTime()) / 1000;
    };
    relay.start();
    await vi.waitFor(() => expect(dueIn()).toBeGreaterThanOrEqual(0.5));
    expect(dueIn()).toBeLessThanOrEqual(1);
    clock.advance(1);
    await vi.waitFor(() => expect(troubles).toHaveLength(2));
    await vi.waitFor(() => expect(dueIn()).toBeGreaterThanOrEqual(1));
    expect(dueIn()).toBeLessThanOrEqual(2);
    expect(seen).toEqual([]);
    clock.advance(2);
    await vi.waitFor(() => expect(store.outbox.size).toBe(0));
    expect(seen).toHaveLength(1);
    expect(clock.now().getTime() - startedAt.getTime()).toBe(3_000);
    expect(troubles.map(({ what, message }) => [what, message?.attempts, message?.type])).toEqual([
      ['reaction-failed', 1, 'password-reset-requested'],
      ['reaction-failed', 2, 'password-reset-requested'],
    ]);
  });

  it('buries what always fails, with the reason, and leaves it alone', async () => {
    const { relay, add, store, clock, troubles } = aRelay(
      async () => {
        throw new Error('no such mailbox');
      },
      { attempts: 3 },
    );
    await add(1);
    relay.start();
    for (const attempts of [1, 2]) {
      await vi.waitFor(() => expect(troubles).toHaveLength(attempts));
      clock.advance(900);
    }
    await vi.waitFor(() => expect(store.buried.size).toBe(1));
    expect([...store.buried.values()]).toMatchObject([{ attempts: 3, reason: 'Error: no such mailbox' }]);
    expect(store.outbox.size).toBe(0);
    expect(troubles.at(-1)?.what).toBe('message-buried');
  });

  it('lets one that fails and one that hangs hold up no other', async () => {
    const poisoned = new Set<string>();
    const { opened, open } = door();
    const { relay, add, seen } = aRelay(
      async (message) => {
        if (!poisoned.has(emailOf(message))) return;
        if ([...poisoned][0] === emailOf(message)) throw new Error('poison');
        await opened;
      },
      { concurrency: 2, batch: 4 },
    );
    for (const email of await add(2)) poisoned.add(email);
    relay.start();
    const others = await add(50);
    await vi.waitFor(() => expect([...seen].sort()).toEqual([...others].sort()));
    open();
  });

  it('takes a reaction that exceeds its deadline for failed, and goes on', async () => {
    const { opened, open } = door();
    let hanging = true;
    const { relay, add, seen, store, clock, troubles } = aRelay(
      async () => {
        if (hanging) await opened;
      },
      { deadlineMs: 10, concurrency: 1 },
    );
    await add(3);
    relay.start();
    await vi.waitFor(() => expect(troubles.map(({ what }) => what)).toEqual(Array(3).fill('reaction-failed')));
    hanging = false;
    clock.advance(1);
    await vi.waitFor(() => expect(store.outbox.size).toBe(0));
    expect(seen).toHaveLength(3);
    open();
  });

  it('finishes on stop what it has begun, and gives back at once what it has not', async () => {
    const { opened, open } = door();
    let begun = 0;
    const { relay, relayOver, outboxFeed, add, seen, store } = aRelay(
      async () => {
        begun += 1;
        await opened;
      },
      { concurrency: 2 },
    );
    const emails = await add(10);
    relay.start();
    await vi.waitFor(() => expect(begun).toBe(2));
    const stopped = relay.stop();
    open();
    await stopped;
    expect(seen).toHaveLength(2);
    expect(store.outbox.size).toBe(8);
    await add(1);
    expect(seen).toHaveLength(2);
    relayOver(outboxFeed).start();
    await vi.waitFor(() => expect(store.outbox.size).toBe(0));
    expect(seen).toHaveLength(emails.length + 1);
  });

  it('shares a feed with other processes without doing anything twice', async () => {
    const { relay, relayOver, outboxFeed, add, seen, store } = aRelay();
    const emails = await add(100);
    for (const each of [relay, relayOver(outboxFeed), relayOver(outboxFeed)]) each.start();
    const more = await add(100);
    await vi.waitFor(() => expect(store.outbox.size).toBe(0));
    expect([...seen].sort()).toEqual([...emails, ...more].sort());
  });

  it('reports a feed that fails, and goes on when it is back', async () => {
    const { relayOver, outboxFeed, add, seen, store, troubles, clock } = aRelay();
    let broken = true;
    const whenWhole = async <T>(work: () => Promise<T>): Promise<T> => {
      if (broken) throw new Error('database gone');
      return work();
    };
    const flaky: OutboxFeed = {
      claim: (...given) => whenWhole(() => outboxFeed.claim(...given)),
      done: (...given) => whenWhole(() => outboxFeed.done(...given)),
      postpone: (...given) => whenWhole(() => outboxFeed.postpone(...given)),
      bury: (...given) => whenWhole(() => outboxFeed.bury(...given)),
      onAdded: (listener) => outboxFeed.onAdded(listener),
    };
    await add(1);
    relayOver(flaky).start();
    await vi.waitFor(() => expect(troubles.map(({ what }) => what)).toContain('claim-failed'));
    broken = false;
    await vi.waitFor(() => expect(store.outbox.size).toBe(0));
    expect(seen).toHaveLength(1);

    // It breaks between a reaction and the note of it: the message comes back when its lease is over.
    const react = seen.push.bind(seen);
    seen.push = (...emails) => {
      broken = true;
      return react(...emails);
    };
    await add(1);
    await vi.waitFor(() => expect(troubles.map(({ what }) => what)).toContain('settle-failed'));
    seen.push = react;
    broken = false;
    expect(store.outbox.size).toBe(1);
    clock.advance(180);
    await vi.waitFor(() => expect(store.outbox.size).toBe(0));
  });

  it('brings a mail through a server that refuses, hangs and recovers', async () => {
    await using server = await MailServer.start();
    const notifier = new SmtpNotifier({
      url: server.url,
      from: 'no-reply@example.test',
      publicUrl: 'https://id.example.test',
      deadlineMs: 1_000,
    });
    const { relay, add, store, clock, troubles } = aRelay((message) =>
      notifier.send({
        to: emailOf(message) as EmailAddress,
        issuerName: 'Acme',
        projectId: undefined,
        message: { kind: 'reset-password-otp', otp: '012345', minutes: 15 },
      }),
    );
    try {
      server.behaviour = { refuse: 451 };
      const [email = expect.fail()] = await add(1);
      relay.start();
      await vi.waitFor(() => expect([...store.outbox.values()][0]?.reason).toContain('451'));
      server.behaviour = 'hang';
      clock.advance(1);
      await vi.waitFor(() => expect(troubles).toHaveLength(2), { timeout: 5_000 });
      server.behaviour = 'accept';
      await vi.waitFor(() => expect([...store.outbox.values()][0]?.attempts).toBe(2));
      clock.advance(2);
      const mail = await server.waitForMail(email);
      expect(mail.text).toContain('012345');
      await vi.waitFor(() => expect(store.outbox.size).toBe(0));
    } finally {
      notifier.close();
    }
  });
});
