import type { UserId } from '../../domain/user/user.ts';
import type { SessionWatch } from '../../ports/session-watch.ts';

/** Reaches this process, which is all there is without a cache. */
export class MemorySessionWatch implements SessionWatch {
  readonly #listeners: ((userId: UserId) => void)[] = [];

  async announce(userId: UserId): Promise<void> {
    for (const listener of this.#listeners) listener(userId);
  }

  subscribe(listener: (userId: UserId) => void): void {
    this.#listeners.push(listener);
  }
}
