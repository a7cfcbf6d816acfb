import type { SessionWatch, Watched } from '../../ports/session-watch.ts';

/** Reaches this process, which is all there is without a cache. */
export class MemorySessionWatch implements SessionWatch {
  readonly #listeners: ((watched: Watched) => void)[] = [];

  async announce(watched: Watched): Promise<void> {
    for (const listener of this.#listeners) listener(watched);
  }

  subscribe(listener: (watched: Watched) => void): void {
    this.#listeners.push(listener);
  }
}
