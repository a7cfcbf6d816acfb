import { AsyncLocalStorage } from 'node:async_hooks';

/** What tells a line of the log whose it is. */
export type LogFields = Readonly<Record<string, string>>;

/** Gives every line that is written during a piece of work, however deep, the fields of that work. */
export class LogContext {
  readonly #storage = new AsyncLocalStorage<LogFields>();

  run<T>(fields: LogFields, work: () => T): T {
    return this.#storage.run(fields, work);
  }

  get fields(): LogFields | undefined {
    return this.#storage.getStore();
  }
}
