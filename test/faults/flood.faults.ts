import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Ask } from './harness/balancer.ts';
import { Estate } from './harness/estate.ts';
import { figure } from './harness/figure.ts';
import { percentile } from './harness/percentile.ts';
import { forgetPeak, residentMemory } from './harness/resident-memory.ts';
import { scaled } from './harness/scale.ts';
import { GatePerson, PASSWORD } from './harness/somebody.ts';
import { makeWorld, type World } from './harness/world.ts';

const AT_ONCE = 200;
const PEOPLE = 50;
const FLOOD_MS = scaled({ short: 3_000, long: 30_000 });
/** Whoever floods does not care; but other files have to do with what is left of the machine. */
const COME_BACK_MS = scaled({ short: 200, long: 0 });
const REGISTERING = 4;
const PROBE_MS = 1_000;
const PROBE_EVERY_MS = 10;
const FEW = 20;
/** What is promised meanwhile, and how soon all is as before, where nothing else keeps the machine busy. */
const P99_MS = scaled({ short: 2_000, long: 200 });
const NORMAL_WITHIN_MS = scaled({ short: 15_000, long: 5_000 });
const MOST_MEGABYTES = 200;
/** As fast as before, as far as one can tell from so few. */
const SAME = 1.5;

describe('a flood of sign-ins', () => {
  let estate: Estate;
  let world: World;
  let people: readonly GatePerson[];
  beforeAll(async () => {
    estate = await Estate.unstarted();
    // One alone. No rate limit is in the way: everybody comes from home, and it is the gate of the hashes that sheds.
    await estate.replicas[0]?.start();
    world = await makeWorld(estate.balancer);
    people = await registered(PEOPLE);
  });
  afterAll(() => estate?.[Symbol.asyncDispose]());

  async function registered(count: number): Promise<readonly GatePerson[]> {
    const people: GatePerson[] = [];
    while (people.length < count) {
      const some = Array.from({ length: REGISTERING }, () => GatePerson.registered(estate, world));
      people.push(...(await Promise.all(some)).map(({ person }) => person));
    }
    return people.slice(0, count);
  }

  const login = ({ email, address }: GatePerson): Ask => ({
    method: 'POST',
    path: '/api/v1/auth/login',
    headers: { 'X-Project-Id': world.projectId, 'X-Forwarded-For': address },
    json: { email, password: PASSWORD },
    replica: 0,
  });

  const signIn = (person: GatePerson): Promise<Answer> => estate.balancer.ask(login(person));

  async function oneByOne(): Promise<readonly Answer[]> {
    const answers: Answer[] = [];
    for (const person of people.slice(0, FEW)) answers.push(await signIn(person));
    return answers;
  }

  /** How long everybody else waits for what costs nothing. */
  async function probe(path: string, forMs: number): Promise<readonly number[]> {
    const until = performance.now() + forMs;
    const timings: number[] = [];
    while (performance.now() < until) {
      const { status, ms } = await estate.balancer.ask({ method: 'GET', path, replica: 0 });
      expect(status).toBe(200);
      timings.push(ms);
      await pause(PROBE_EVERY_MS);
    }
    return timings;
  }

  /** So many at once, each again as soon as there is an answer, whatever it says about coming back. */
  async function flood(): Promise<readonly Answer[]> {
    const until = performance.now() + FLOOD_MS;
    const answers: Answer[] = [];
    const again = async (person: GatePerson) => {
      while (performance.now() < until) {
        const answer = await signIn(person);
        answers.push(answer);
        if (answer.status !== 200) await pause(COME_BACK_MS);
      }
    };
    const all = Array.from({ length: AT_ONCE / PEOPLE }, () => people).flat();
    await Promise.all(all.map(again));
    return answers;
  }

  /** Milliseconds until sign-ins are answered as before. */
  async function normalAfter(before: number): Promise<number> {
    const begun = performance.now();
    for (;;) {
      const since = performance.now() - begun;
      const answers = await oneByOne();
      const others = answers.filter(({ status }) => status !== 200);
      if (others.length === 0 && median(answers) <= SAME * before) return Math.round(since);
      if (since > NORMAL_WITHIN_MS) {
        const said = others.map(({ status, body }) => `${status} ${body}`);
        throw new Error(`not as before after ${Math.round(since)} ms: ${median(answers)} ms, ${said.join('\n')}`);
      }
    }
  }

  it(`of ${AT_ONCE} at once is shed, keeps nobody else waiting, and leaves nothing behind`, async () => {
    const { pid, crashes } = estate.replicas[0] ?? expect.fail();
    const paths = ['/healthz', `/api/v1/pub/${world.projectId}/.well-known/jwks.json`] as const;
    const before = median([...(await oneByOne()), ...(await oneByOne())]);
    const quiet = percentile((await Promise.all(paths.map((path) => probe(path, PROBE_MS)))).flat(), 99);
    await forgetPeak(pid);

    const [answers, ...probes] = await Promise.all([flood(), ...paths.map((path) => probe(path, FLOOD_MS))]);
    const { peak } = await residentMemory(pid);
    const normal = await normalAfter(before);

    const [health, jwks] = probes.map((timings) => percentile(timings, 99));
    const [done, shed] = [answers.filter(({ status }) => status === 200), answers.filter(isShed)];
    figure(`${AT_ONCE} sign-ins at once for ${FLOOD_MS} ms`, {
      'signed in': done.length,
      shed: shed.length,
      'shed p99 ms': percentile(
        shed.map(({ ms }) => ms),
        99,
      ),
      'health p99 ms': health ?? '',
      'JWKS p99 ms': jwks ?? '',
      'both before p99 ms': quiet,
      'memory at most MB': peak,
      'as before after ms': normal,
    });
    expect(done.length).toBeGreaterThan(0);
    expect(shed.length).toBeGreaterThan(0);
    expect(answers.length - done.length - shed.length).toBe(0);
    expect(health).toBeLessThan(P99_MS + quiet);
    expect(jwks).toBeLessThan(P99_MS + quiet);
    expect(peak).toBeLessThanOrEqual(MOST_MEGABYTES);
    expect(crashes).toEqual([]);
  });
});

function isShed({ status, headers }: Answer): boolean {
  return [429, 503].includes(status) && Number(headers['retry-after']) > 0;
}

function median(answers: readonly Answer[]): number {
  return percentile(
    answers.map(({ ms }) => ms),
    50,
  );
}
