import type { Ports } from '../../ports/ports.ts';
import type { Policy } from '../policy.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

type ForgetEventsDeps = Pick<Ports, 'eventLog' | 'clock'> & { readonly policy: Policy };

/** Lets go of events that are older than they are kept, with what became of their deliveries, a little at a time. */
export class ForgetEvents {
  readonly #deps: ForgetEventsDeps;
  constructor(deps: ForgetEventsDeps) {
    this.#deps = deps;
  }

  /** Answers 0 when nothing is left to do. */
  async execute(limit: number): Promise<number> {
    const { eventLog, clock, policy } = this.#deps;
    return eventLog.forget(new Date(clock.now().getTime() - policy.eventRetentionDays * DAY_MS), limit);
  }
}
