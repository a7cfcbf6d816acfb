import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

const START_TIMEOUT_MS = 90_000;
const POLL_MS = 20;
const LOG_LINES = 200;
/** Of pino: a process that says so has failed at something, and not only been failed. */
const ERROR_LEVEL = 50;

/** One process of the service, and what became of it. */
export class Replica implements AsyncDisposable {
  readonly port: number;
  /** Its end came when nobody had asked for it. */
  readonly crashes: string[] = [];
  /** What it logged as errors, of all its lives. */
  readonly errors: string[] = [];
  readonly #args: readonly string[];
  readonly #env: NodeJS.ProcessEnv;
  readonly #log: string[] = [];
  #child: ChildProcess | undefined;
  #wanted = false;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, port: number) {
    this.port = port;
    this.#args = args;
    this.#env = { PATH: process.env.PATH, ...env, PORT: String(port) };
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Until it says that it is ready. */
  async start(): Promise<void> {
    this.spawn();
    await this.ready();
  }

  spawn(): void {
    const child = spawn(process.execPath, this.#args, { env: this.#env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#wanted = true;
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#logged(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#logged(text));
    child.on('exit', (code, signal) => {
      if (this.#wanted && this.#child === child) this.crashes.push(`${signal ?? code}\n${this.#log.join('\n')}`);
    });
  }

  async ready(timeoutMs: number = START_TIMEOUT_MS): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await isReady(this.port))) {
      if (performance.now() > deadline) throw new Error(`not ready in time:\n${this.#log.join('\n')}`);
      if (this.#child?.exitCode !== null) throw new Error(`it did not start:\n${this.#log.join('\n')}`);
      await pause(POLL_MS);
    }
  }

  /** As an orchestrator does; answers the exit code, once it is gone. */
  async terminate(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    this.#wanted = false;
    if (child === undefined) return null;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
    return child.exitCode;
  }

  #logged(text: string): void {
    for (const line of text.split('\n').filter((line) => line !== '')) {
      this.#log.push(line);
      if (this.#log.length > LOG_LINES) this.#log.shift();
      const level = /^\{"level":(\d+)/.exec(line)?.[1];
      if (Number(level) >= ERROR_LEVEL) this.errors.push(line);
    }
  }
}

/** What a balancer looks at. */
export function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ port, host: '127.0.0.1', path: '/readyz', agent: false, timeout: 2_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });
}
