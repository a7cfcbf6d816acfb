import type { Ports } from '../../ports/ports.ts';

/** Gives what was committed its place and its number, and every endpoint that wants it a delivery. */
export class PublishEvents {
  readonly #deps: Pick<Ports, 'eventLog' | 'clock'>;
  constructor(deps: Pick<Ports, 'eventLog' | 'clock'>) {
    this.#deps = deps;
  }

  /** Answers how many of at most `limit` are published; 0 when nothing is left to do, or somebody else is at it. */
  async execute(limit: number): Promise<number> {
    const { eventLog, clock } = this.#deps;
    return eventLog.publish(limit, clock.now());
  }
}
