import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, type Ask, type Balancer, NoAnswer } from './balancer.ts';
import { gatePerson } from './gate-person.ts';
import { Ledger } from './ledger.ts';
import { Tally } from './tally.ts';
import { v1Person } from './v1-person.ts';
import type { World } from './world.ts';

/** What a client that was told to come back waits; the service says one second. */
const COME_BACK_MS = 200;
const BACK_WITHIN_MS = 30_000;
const STEPS = 10;

/** The request may have done its work or not: no answer, or 503. */
export class Unsure extends Error {
  override readonly name = 'Unsure';
}

/** Asks, and answers the body of an expected answer. @throws Unsure */
export type Call = (ask: Ask, expected: number) => Promise<Answer>;

/** A person's life from registration to sign-out. `number` is theirs alone. */
export type Life = (call: Call, world: World, ledger: Ledger, number: number) => Promise<void>;

/** Nobody is born twice, whatever traffic they belong to. */
let born = 0;

/** People at work, over both dialects, each asking again as soon as they have their answer. */
export class Traffic {
  readonly ledger = new Ledger();
  readonly tally = new Tally();
  readonly #balancer: Balancer;
  readonly #world: World;
  readonly #walkers: Promise<void>[] = [];
  #going = true;

  constructor(balancer: Balancer, world: World) {
    this.#balancer = balancer;
    this.#world = world;
  }

  static begin(balancer: Balancer, world: World, walkers = 8): Traffic {
    const traffic = new Traffic(balancer, world);
    for (let walker = 0; walker < walkers; walker += 1) {
      traffic.#walkers.push(traffic.#walk(walker % 2 === 0 ? gatePerson : v1Person));
    }
    return traffic;
  }

  /** Everybody comes to the end of the request they are at. */
  async stop(): Promise<void> {
    this.#going = false;
    await Promise.all(this.#walkers);
  }

  /** Also whoever gives up on it leaves nobody at work who others would stumble over. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Requests a second, from now on for so long. */
  async rateFor(ms: number): Promise<number> {
    const since = performance.now();
    await pause(ms);
    return this.tally.rate(since, ms);
  }

  /** How long it took until work was done as fast as that again, seen over a while of the given length. */
  async backAfter(goal: number, windowMs: number): Promise<number> {
    const mended = performance.now();
    let since = mended;
    let best = 0;
    for (;;) {
      await pause(Math.max(0, since + windowMs - performance.now()));
      const rate = this.tally.rate(since, windowMs);
      if (rate >= goal) return Math.round(since - mended);
      best = Math.max(best, rate);
      since += windowMs / STEPS;
      if (since - mended > BACK_WITHIN_MS) {
        throw new Error(`${best} requests/s at best within ${BACK_WITHIN_MS} ms, not ${goal}`);
      }
    }
  }

  async #walk(life: Life): Promise<void> {
    while (this.#going) {
      born += 1;
      try {
        await life((ask, expected) => this.#call(ask, expected), this.#world, this.ledger, born);
      } catch (error) {
        if (!(error instanceof Unsure)) throw error;
        await pause(COME_BACK_MS);
      }
    }
  }

  async #call(ask: Ask, expected: number): Promise<Answer> {
    if (!this.#going) throw new Unsure('it is over');
    const answer = await this.#answer(ask);
    if (answer.status === expected) {
      this.tally.answered(answer);
      return answer;
    }
    if (answer.status === 503) this.tally.unavailable(answer);
    else this.tally.unexpected(`${ask.method} ${ask.path}: ${answer.status} ${answer.body}`);
    throw new Unsure(`${answer.status}`);
  }

  async #answer(ask: Ask): Promise<Answer> {
    try {
      return await this.#balancer.ask(ask);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.tally.failed(error);
      throw new Unsure(error.kind);
    }
  }
}
