import type { Context } from 'hono';
import { IamError } from '../../../domain/errors.ts';
import { dialectOf } from '../dialect-of.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { refuseExceeded, showWindow } from './rate-limits.ts';

/** How often a network may ask for what is not there. */
const IN_VAIN = { limit: 30, windowSeconds: 1 } as const;
const USED_UP = { ...IN_VAIN, remaining: 0, resetSeconds: IN_VAIN.windowSeconds, exceeded: true };

/** Beyond it everybody is to be met anew. */
const MOST_KNOWN = 20_000;

type NetworkOf = (c: Context<HttpEnvironment>) => string;

/**
 * A project or key that there is costs a look now and then; what there is not costs one each time, and counts against no
 * project. So whoever has asked for much in vain is refused until the second is over, before anything is looked up,
 * unless it is for what was found here before. Counted by this process, whose connections are at stake: those who are
 * known pay nothing for it.
 */
export class Strangers {
  readonly #clock: HttpDependencies['clock'];
  readonly #networkOf: NetworkOf;
  readonly #known = new Set<string>();
  #met = new WeakSet<object>();
  readonly #inVain = new Map<string, number>();
  #second = 0;

  constructor({ clock }: Pick<HttpDependencies, 'clock'>, networkOf: NetworkOf = (c) => c.get('clientNetwork')) {
    this.#clock = clock;
    this.#networkOf = networkOf;
  }

  /**
   * What `look` finds. `nameOf`: what that is known by; before it is found, what the client names, who may have made it
   * up; `undefined` where nothing has to be looked up.
   * @throws IamError `rate-limited`, and what `look` throws
   */
  async find<Found extends object>(
    c: Context<HttpEnvironment>,
    nameOf: (found?: Found) => string | undefined,
    look: () => Promise<Found>,
  ): Promise<Found> {
    if (this.#hasUsedUp(c) && this.#isStranger(nameOf())) {
      showWindow(c, { name: 'unknown', dialect: dialectOf(c.req.path) }, USED_UP);
      refuseExceeded(USED_UP);
    }
    try {
      const found = await look();
      if (!this.#met.has(found)) this.#meet(found, nameOf(found));
      return found;
    } catch (error) {
      if (isNotThere(error) && this.#isStranger(nameOf())) this.#count(this.#networkOf(c));
      throw error;
    }
  }

  /** Once for as long as whoever looks remembers it. */
  #meet(found: object, name: string | undefined): void {
    if (name === undefined) return;
    if (this.#known.size >= MOST_KNOWN) {
      this.#known.clear();
      this.#met = new WeakSet();
    }
    this.#met.add(found);
    this.#known.add(name);
  }

  #hasUsedUp(c: Context<HttpEnvironment>): boolean {
    const inVain = this.#ofThisSecond();
    return inVain.size > 0 && (inVain.get(this.#networkOf(c)) ?? 0) >= IN_VAIN.limit;
  }

  #isStranger(name: string | undefined): boolean {
    return name !== undefined && !this.#known.has(name);
  }

  #count(network: string): void {
    const inVain = this.#ofThisSecond();
    inVain.set(network, (inVain.get(network) ?? 0) + 1);
  }

  #ofThisSecond(): Map<string, number> {
    const second = Math.trunc(this.#clock.now().getTime() / 1000);
    if (second !== this.#second) this.#inVain.clear();
    this.#second = second;
    return this.#inVain;
  }
}

function isNotThere(error: unknown): boolean {
  return error instanceof IamError && ['invalid-api-key', 'not-found', 'token-invalid'].includes(error.code);
}
