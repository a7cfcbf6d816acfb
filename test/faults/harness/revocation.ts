import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Estate } from './estate.ts';
import { GatePerson, type Tokens } from './somebody.ts';
import type { World } from './world.ts';

const LOOK_EVERY_MS = 20;

/** A session that both replicas know, ended at the first: when does the other one refuse its access token? */
export class Revocation {
  readonly #estate: Estate;
  readonly #person: GatePerson;
  readonly #tokens: Tokens;
  #endedAt = 0;

  private constructor(estate: Estate, person: GatePerson, tokens: Tokens) {
    this.#estate = estate;
    this.#person = person;
    this.#tokens = tokens;
  }

  static async prepared(estate: Estate, world: World): Promise<Revocation> {
    const { person, tokens } = await GatePerson.registered(estate, world);
    const revocation = new Revocation(estate, person, tokens);
    for (const replica of estate.replicas.keys()) expect(await revocation.#statusAt(replica)).toBe(200);
    return revocation;
  }

  /** The first replica itself refuses it from then on. */
  async happens(): Promise<void> {
    await this.#person.signOut(this.#tokens, 0);
    this.#endedAt = performance.now();
    expect(await this.#statusAt(0)).toBe(401);
  }

  /** Milliseconds from its end to the first request that the other refuses. */
  async seen(withinMs: number): Promise<number> {
    for (;;) {
      const ms = Math.round(performance.now() - this.#endedAt);
      if ((await this.#statusAt(1)) === 401) return ms;
      if (ms > withinMs) throw new Error(`a session that had ended ${ms} ms before is let in`);
      await pause(LOOK_EVERY_MS);
    }
  }

  async #statusAt(replica: number): Promise<number> {
    const { status } = await this.#estate.balancer.ask({ ...this.#person.verification(this.#tokens), replica });
    return status;
  }
}
