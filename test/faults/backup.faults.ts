import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stepAt, TOTP_STEP_SECONDS } from '../../src/domain/user/totp-factor.ts';
import { Backup } from './harness/backup.ts';
import { Estate } from './harness/estate.ts';
import { ExchangeCodes, PROVIDER_ENV } from './harness/exchange-codes.ts';
import { figure } from './harness/figure.ts';
import { type OneTime, Past } from './harness/past.ts';
import { scaled } from './harness/scale.ts';
import { GatePerson, nextCode } from './harness/somebody.ts';
import { claimsOf, makeWorld, type World } from './harness/world.ts';

const SESSIONS = scaled({ short: 5_000, long: 1_000_000 });
const STEP_MS = TOTP_STEP_SECONDS * 1_000;
const AT_ONCE = 4;
const REFUSALS = [400, 401, 403, 429];

describe('a backup that is restored', () => {
  let estate: Estate;
  let world: World;
  let codes: ExchangeCodes;
  beforeAll(async () => {
    estate = await Estate.start({ env: { ...PROVIDER_ENV, DRAIN_SECONDS: '0' } });
    world = await makeWorld(estate.balancer);
    codes = await ExchangeCodes.configured(estate, world);
  });
  afterAll(async () => {
    await codes?.[Symbol.asyncDispose]();
    await estate?.[Symbol.asyncDispose]();
  });

  const timed = async (work: () => Promise<void>) => {
    const begun = performance.now();
    await work();
    return Math.round(performance.now() - begun);
  };
  const start = () => Promise.all(estate.replicas.map((replica) => replica.start()));
  const stop = () => Promise.all(estate.replicas.map((replica) => replica.terminate()));
  const fence = () =>
    timed(async () => expect(await estate.command(['fence', '--yes'])).toMatchObject({ code: 0, error: '' }));

  /** What of it works; everything else is refused. */
  async function working(things: readonly OneTime[]): Promise<ReadonlySet<string>> {
    const kinds = new Set<string>();
    const left = things.values();
    const lane = async () => {
      for (const { what, ask, done } of left) {
        const { status, body } = await estate.balancer.ask(ask);
        if (status === done) kinds.add(what);
        else expect(REFUSALS, `${what}: ${body}`).toContain(status);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    return kinds;
  }

  it('brings nothing back to life that was spent or ended since, behind the fence', async () => {
    const { person } = await GatePerson.registered(estate, world);
    const protectedOne = await GatePerson.registered(estate, world);
    const secret = await protectedOne.person.protect(protectedOne.tokens);
    const past = await Past.prepared(estate, world, codes);
    const begun = performance.now();
    await using backup = await Backup.taken(estate);
    const dumped = Math.round(performance.now() - begun);
    const things = await past.happens();

    await stop();
    const restored = await timed(() => backup.restore());
    await start();
    expect(await working(things)).toContain('a spent refresh token');

    await stop();
    await backup.restore();
    const fenced = await fence();
    const nextStepAt = (stepAt(new Date()) + 1) * STEP_MS;
    await start();
    figure('backup and restore', {
      changes: past.size,
      'dumped in ms': dumped,
      'restored in ms': restored,
      'fenced in ms': fenced,
    });
    expect(await working(things)).toEqual(new Set());
    await person.signIn();
    // Both steps about the fence may have been used up before it.
    await pause(Math.max(0, nextStepAt - Date.now()));
    const ticket = await protectedOne.person.ticket();
    await protectedOne.person.did(protectedOne.person.secondStep(ticket, await nextCode(secret)), 200);
  });

  it(`is fenced in one go where ${SESSIONS} people were signed in`, async () => {
    const { person, tokens } = await GatePerson.registered(estate, world);
    await estate.rows(copySession(claimsOf(tokens.accessToken).sid));
    await stop();
    const ms = await fence();
    figure('the fence', { sessions: SESSIONS, ms, 'sessions/s': Math.round((SESSIONS * 1000) / ms) });
    expect(await estate.rows('select id from refresh_tokens')).toEqual([]);
    await start();
    await person.signIn();
  });
});

/** Nobody asks a million times whether the person is there. */
const copySession = (id: string) => `
  set session_replication_role = replica;
  insert into refresh_tokens select copy.*
  from refresh_tokens s, generate_series(1, ${SESSIONS}) number,
    jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'number', number)) copy
  where s.id = '${id}'`;
