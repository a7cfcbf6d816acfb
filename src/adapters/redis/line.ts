import { ClientOfflineError } from 'redis';
import type { Deadline } from './deadline.ts';
import type { OnTrouble } from './trouble.ts';

/** All that is asked of Redis. */
export interface Commands {
  get(key: string): Promise<string | null>;
  set(
    key: string,
    value: string,
    options: { readonly expiration: { readonly type: 'EX'; readonly value: number } },
  ): Promise<unknown>;
  rateWindow(key: string, windowMs: number, how: 'hit' | 'peek'): Promise<readonly [count: number, leftMs: number]>;
  ping(): Promise<unknown>;
}

/** Asks Redis with a deadline; whoever asks gets `undefined` while it is away, and does without. */
export class Line {
  readonly #commands: Commands;
  readonly #deadline: Deadline;
  readonly #onTrouble: OnTrouble;

  constructor(deps: { readonly commands: Commands; readonly deadline: Deadline; readonly onTrouble: OnTrouble }) {
    this.#commands = deps.commands;
    this.#deadline = deps.deadline;
    this.#onTrouble = deps.onTrouble;
  }

  /** `undefined` when there is no answer, or none in time. */
  async ask<T>(question: (commands: Commands) => Promise<T>): Promise<T | undefined> {
    try {
      return await this.#deadline.within(() => question(this.#commands));
    } catch (error) {
      // Why it is offline is said by the connection itself.
      if (!(error instanceof ClientOfflineError)) this.#onTrouble(error);
      return undefined;
    }
  }
}
