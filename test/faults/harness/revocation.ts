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

  /** Milliseconds from its end to the first refusal at the other. */
  async seen(withinMs: number): Promise<number> {
    while ((await this.#statusAt(1)) !== 401) {
      const ms = performance.now() - this.#endedAt;
      if (ms > withinMs) throw new Error(`a session that ended ${Math.round(ms)} ms ago is let in`);
      await pause(LOOK_EVERY_MS);
    }
    return Math.round(performance.now() - this.#endedAt);
  }

  async #statusAt(replica: number): Promise<number> {
    const { status } = await this.#estate.balancer.ask({ ...this.#person.verification(this.#tokens), replica });
    return status;
  }
}
