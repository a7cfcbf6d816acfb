import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const OBSERVER = fileURLToPath(new URL('./observer.cjs', import.meta.url));

/** What a process has spent, from inside of it. */
export interface Observation {
  readonly cpuMicros: number;
  readonly statements: number;
  /** The most that was resident. */
  readonly rssBytes: number;
  readonly loopDelayP99Ms: number;
}

/** A Node process of its own that tells what it spends. What it writes to standard output is not kept. */
export class ObservedProcess implements AsyncDisposable {
  readonly #child: ChildProcess;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, ['--require', OBSERVER, ...args], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  async during<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly observed: Observation }> {
    await this.#ask('begin');
    const result = await work();
    return { result, observed: (await this.#ask('end')) as Observation };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGINT');
    await gone;
  }

  async #ask(word: 'begin' | 'end'): Promise<unknown> {
    const answer = once(this.#child, 'message');
    this.#child.send(word);
    const [said] = await answer;
    return said;
  }
}
