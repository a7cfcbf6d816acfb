import { asked } from './asked.ts';
import type { Ask, Balancer } from './balancer.ts';
import type { Estate } from './estate.ts';
import type { ExchangeCodes } from './exchange-codes.ts';
import { scaled } from './scale.ts';
import { GatePerson, nextCode, type Tokens, v1Person } from './somebody.ts';
import type { World } from './world.ts';

/** Something that works once, and how whoever uses it is answered. */
export interface OneTime {
  readonly what: string;
  readonly ask: Ask;
  readonly done: number;
}

interface SignedIn {
  readonly person: GatePerson;
  readonly tokens: Tokens;
}

const REFRESHES = scaled({ short: 8, long: 40 });
const SIGN_OUTS = scaled({ short: 4, long: 20 });
/** Of each kind. */
const CODES = scaled({ short: 4, long: 10 });
const AT_ONCE = 4;

/** Things that have not happened yet, a hundred of them in the long run, and what is left when they have. */
export class Past {
  readonly #balancer: Balancer;
  readonly refreshing: readonly SignedIn[];
  readonly leaving: readonly SignedIn[];
  readonly codes: readonly OneTime[];

  private constructor(
    balancer: Balancer,
    refreshing: readonly SignedIn[],
    leaving: readonly SignedIn[],
    codes: readonly OneTime[],
  ) {
    this.#balancer = balancer;
    this.refreshing = refreshing;
    this.leaving = leaving;
    this.codes = codes;
  }

  static async prepared(estate: Estate, world: World, exchangeCodes: ExchangeCodes): Promise<Past> {
    const somebody = () => GatePerson.registered(estate, world);
    const refreshing = await several(REFRESHES, somebody);
    const leaving = await several(SIGN_OUTS, somebody);
    const { recovery, recoveryCodes } = await v1Person(estate.balancer);
    const recoveries = recoveryCodes
      .slice(0, CODES)
      .map((code) => ({ what: 'a recovery code', ask: recovery(code), done: 200 }));
    const resets = await several(CODES, async () => {
      const { person } = await somebody();
      return { what: 'a mailed code', ask: person.reset(await person.mailedCode()), done: 204 };
    });
    // The last ones live the shortest.
    const secondSteps = await several(CODES, async () => {
      const { person, tokens } = await somebody();
      const code = await nextCode(await person.protect(tokens));
      return { what: 'a TOTP code', ask: person.secondStep(await person.ticket(), code), done: 200 };
    });
    const exchanges = await several(CODES, async () => {
      return { what: 'an exchange code', ask: await exchangeCodes.one(), done: 200 };
    });
    return new Past(estate.balancer, refreshing, leaving, [...exchanges, ...secondSteps, ...resets, ...recoveries]);
  }

  get size(): number {
    return this.refreshing.length + this.leaving.length + this.codes.length;
  }

  /** Answers what must not work from then on, be it that it was used or that nobody is to be signed in by it. */
  async happens(): Promise<readonly OneTime[]> {
    for (const { ask, done } of this.codes) await asked(this.#balancer, ask, done);
    const after: OneTime[] = [...this.codes];
    for (const { person, tokens } of this.refreshing) {
      const fresh = await person.refreshed(tokens);
      after.push({ what: 'a spent refresh token', ask: person.refresh(tokens), done: 200 });
      after.push({ what: 'a refresh token of later', ask: person.refresh(fresh), done: 200 });
      after.push({ what: 'an access token of later', ask: person.verification(fresh), done: 200 });
    }
    for (const { person, tokens } of this.leaving) {
      await person.signOut(tokens);
      after.push({ what: 'the refresh token of an ended session', ask: person.refresh(tokens), done: 200 });
      after.push({ what: 'the access token of an ended session', ask: person.verification(tokens), done: 200 });
    }
    return after;
  }
}

async function several<T>(count: number, make: () => Promise<T>): Promise<readonly T[]> {
  const made: T[] = [];
  while (made.length < count) made.push(...(await Promise.all(Array.from({ length: AT_ONCE }, make))));
  return made.slice(0, count);
}
