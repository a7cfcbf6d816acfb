import { AsyncLocalStorage } from 'node:async_hooks';

/** What tells a line of the log whose it is. */
export type LogFields = Readonly<Record<string, string>>;

/**
 * Gives every line that is written during a piece of work, however deep, the fields of that work. While there is such
 * work, every promise of the process costs more (a quarter of a token check, with Node 20): it is for work that waits
 * for others, and when the last of it is done, nothing is left of the cost.
 */
export class LogContext {
  readonly #storage = new AsyncLocalStorage<LogFields>();
  #running = 0;

  async run<T>(fields: LogFields, work: () => Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      return await this.#storage.run(fields, work);
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#storage.disable();
    }
  }

  get fields(): LogFields | undefined {
    return this.#storage.getStore();
  }
}
