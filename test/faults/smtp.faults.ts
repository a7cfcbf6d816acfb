import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { assertAnswered } from './harness/assert-answered.ts';
import { Estate } from './harness/estate.ts';
import { figure } from './harness/figure.ts';
import { queueMails } from './harness/queue-mails.ts';
import { residentMemory } from './harness/resident-memory.ts';
import { scaled } from './harness/scale.ts';
import { GatePerson, otpIn } from './harness/somebody.ts';
import { Traffic } from './harness/traffic.ts';
import { makeWorld, type World } from './harness/world.ts';

const TROUBLE_MS = scaled({ short: 3_000, long: 60_000 });
const WALKERS = 4;
/** Far below what any mail is waited for. */
const ANSWERED_WITHIN_MS = 5_000;
/** The pause after a failure is at most as long as the trouble was until then, or a deadline. */
const ARRIVED_WITHIN_MS = TROUBLE_MS + 45_000;
const QUEUED = scaled({ short: 300, long: 10_000 });
const SENT_WITHIN_MS = scaled({ short: 60_000, long: 600_000 });
const MOST_MEGABYTES = 200;
const NOT_GROWN_MEGABYTES = 20;
/** Fewer than end the code that they are not. */
const WRONG_TRIES = 3;
const SOON = { timeout: 30_000, interval: 100 };
const POISONED = `where event->>'email' = $1`;

describe('a mail server', () => {
  let estate: Estate;
  let world: World;
  beforeAll(async () => {
    estate = await Estate.start();
    world = await makeWorld(estate.balancer);
  });
  afterEach(async () => {
    estate.mail.behaviour = 'accept';
    await estate.every('smtp', (proxy) => proxy.pass());
  });
  afterAll(() => estate?.[Symbol.asyncDispose]());

  const waiting = async () => {
    const rows = await estate.rows<{ id: string }>('select id from outbox where buried_at is null');
    return rows.length;
  };

  /** Everybody is answered as if nothing were, and gets their mail when it is over. */
  async function through(name: string, strike: () => void | Promise<void>, mend: () => void | Promise<void>) {
    const { person } = await GatePerson.registered(estate, world);
    await strike();
    await using traffic = Traffic.begin(estate.balancer, world, WALKERS);
    await person.forgetPassword();
    await pause(TROUBLE_MS);
    await traffic.stop();
    const left = await waiting();
    await mend();
    const mendedAt = performance.now();
    await expect.poll(waiting, { timeout: ARRIVED_WITHIN_MS, interval: 100 }).toBe(0);
    const { tally, ledger } = traffic;
    const registered = [...ledger.accounts.values()].filter(({ dialect }) => dialect === 'v1');
    figure(name, {
      requests: tally.requests,
      'slowest ms': tally.slowestMs,
      'mails waiting at the end': left,
      'all sent after ms': Math.round(performance.now() - mendedAt),
    });
    assertAnswered(estate, tally);
    expect(tally.refused).toBe(0);
    expect(tally.slowestMs).toBeLessThanOrEqual(ANSWERED_WITHIN_MS);
    expect(left).toBeGreaterThan(0);
    const reached = new Set(estate.mail.received.flatMap(({ to }) => to));
    expect(registered.length).toBeGreaterThan(0);
    expect(registered.filter(({ email }) => !reached.has(email))).toEqual([]);
    await assertOneSecret(person);
  }

  /** However often it was mailed, the latest code is good, once, and no other. */
  async function assertOneSecret(person: GatePerson): Promise<void> {
    const codes = estate.mail.received.filter(({ to }) => to.includes(person.email)).map(otpIn);
    const latest = codes.at(-1) ?? expect.fail();
    const older = new Set(codes.filter((code) => code !== latest));
    for (const code of [...older].slice(-WRONG_TRIES)) await person.did(person.reset(code), 400);
    await person.did(person.reset(latest), 204);
    await person.did(person.reset(latest), 400);
  }

  const passAgain = () => estate.every('smtp', (proxy) => proxy.pass());
  const behave = (behaviour: typeof estate.mail.behaviour) => () => {
    estate.mail.behaviour = behaviour;
  };

  it('that is not there keeps no request waiting, and no mail is lost', () =>
    through('SMTP not there', () => estate.every('smtp', (proxy) => proxy.refuse()), passAgain));

  it('that refuses everything keeps no request waiting, and no mail is lost', () =>
    through('SMTP refusing', behave({ refuse: 451 }), behave('accept')));

  it('that hangs keeps no request waiting, and no mail is lost', () =>
    through('SMTP hanging', () => estate.every('smtp', (proxy) => proxy.freeze()), passAgain));

  it('that breaks off when it has the mail gets it again, with the one secret that is good', async () => {
    const before = estate.mail.received.length;
    await through('SMTP cutting after DATA', behave('accept-and-cut'), behave('accept'));
    const mailed = estate.mail.received.slice(before).flatMap(({ to }) => to);
    expect(mailed.length).toBeGreaterThan(new Set(mailed).size);
  });

  it(`takes ${QUEUED} mails past one that it never takes, which ends as a dead letter`, async () => {
    const refused = `nobody-${randomUUID()}@example.com`;
    estate.mail.unknown.add(refused);
    const others = await queueMails(estate, world, refused, QUEUED);
    const queuedAt = performance.now();
    const memory: number[] = [];
    const unreached = async () => {
      const mailed = new Set(estate.mail.received.flatMap(({ to }) => to));
      for (const { pid } of estate.replicas) memory.push((await residentMemory(pid)).now);
      return others.filter((email) => !mailed.has(email)).length;
    };
    await expect.poll(unreached, { timeout: SENT_WITHIN_MS, interval: 200 }).toBe(0);
    const ms = performance.now() - queuedAt;

    const half = memory.length / 2;
    const [earlier, later] = [Math.max(...memory.slice(0, half)), Math.max(...memory.slice(half))];
    figure(`${QUEUED} mails behind a poisoned one`, {
      'all sent after ms': Math.round(ms),
      'mails/s': Math.round((QUEUED * 1000) / ms),
      'memory at most MB': `${earlier} in the first half, ${later} in the second`,
    });
    expect(later).toBeLessThanOrEqual(MOST_MEGABYTES);
    expect(later - earlier).toBeLessThanOrEqual(NOT_GROWN_MEGABYTES);

    const poisoned = () =>
      estate.rows(`select buried_at is not null as buried, reason from outbox ${POISONED}`, [refused]);
    const reason = expect.stringContaining('550');
    await expect.poll(poisoned, SOON).toEqual([{ buried: false, reason }]);
    await estate.rows(`update outbox set attempts = 23, not_before = null ${POISONED}`, [refused]);
    await expect.poll(poisoned, SOON).toEqual([{ buried: true, reason }]);
  });
});
