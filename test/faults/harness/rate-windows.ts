import { expect } from 'vitest';
import type { Ask, Balancer } from './balancer.ts';
import type { Estate } from './estate.ts';
import { anAddress } from './somebody.ts';
import { makeWorld, type World } from './world.ts';

/** Requests of a client in an hour. */
const LIMIT = 6;

/** A project whose windows outlast every trouble, and two of them: one is used up, one is begun, at every replica. */
export class RateWindows {
  readonly #estate: Estate;
  readonly #strict: World;
  readonly #usedUp = anAddress();
  readonly #begun = anAddress();
  /** Requests that the second window has let pass at each replica. */
  readonly #passed: number[];

  private constructor(estate: Estate, strict: World) {
    this.#estate = estate;
    this.#strict = strict;
    this.#passed = estate.replicas.map(() => 0);
  }

  static strictWorld(balancer: Balancer): Promise<World> {
    const general = { limit: LIMIT, windowSeconds: 3600 };
    return makeWorld(balancer, { emailVerificationRequired: false, rateLimits: { general } });
  }

  static async opened(estate: Estate, strict: World): Promise<RateWindows> {
    const windows = new RateWindows(estate, strict);
    for (const replica of estate.replicas.keys()) {
      await windows.#useUp(replica);
      await windows.#countOneMore(replica);
    }
    await windows.assertNoneAnew();
    return windows;
  }

  /** What is used up stays so, at every replica. */
  async assertNoneAnew(): Promise<void> {
    for (const replica of this.#estate.replicas.keys()) {
      expect(await this.#passes(this.#usedUp, replica), `a used-up window, at ${replica}`).toBe(false);
    }
  }

  /**
   * What is begun goes on at each replica from where it stood there, until it is used up: cut off from each other, they
   * let the limit pass once each, and not once more.
   */
  async assertUsableOnce(): Promise<void> {
    for (const replica of this.#estate.replicas.keys()) {
      for (let request = 0; request <= LIMIT; request += 1) await this.#countOneMore(replica);
      expect(this.#passed[replica], `a window, at ${replica}`).toBeLessThanOrEqual(LIMIT);
      expect(await this.#passes(this.#begun, replica), `a window by now used up, at ${replica}`).toBe(false);
    }
  }

  /** A replica whose cache was slow to answer counts by itself for a while, and has the whole window to use up. */
  async #useUp(replica: number): Promise<void> {
    let left = LIMIT;
    while (left > 0 && (await this.#passes(this.#usedUp, replica))) left -= 1;
  }

  async #countOneMore(replica: number): Promise<void> {
    if (await this.#passes(this.#begun, replica)) this.#passed[replica] = (this.#passed[replica] ?? 0) + 1;
  }

  async #passes(address: string, replica: number): Promise<boolean> {
    const { projectId, apiKey } = this.#strict;
    const ask: Ask = {
      method: 'POST',
      path: `/api/v1/pub/${projectId}/auth/refresh`,
      headers: { 'X-API-Key': apiKey, 'X-Client-Address': address },
      json: { refresh_token: 'of nobody' },
      replica,
    };
    const { status, body } = await this.#estate.balancer.ask(ask);
    expect([401, 429], body).toContain(status);
    return status === 401;
  }
}
