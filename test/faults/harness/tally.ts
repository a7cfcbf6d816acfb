import type { Answer, NoAnswer } from './balancer.ts';

/** What became of all requests of a run. */
export class Tally {
  /** When each was answered that did what it should, in order. */
  readonly #done: number[] = [];
  readonly #failures: Record<NoAnswer['kind'], string[]> = { cut: [], unanswered: [], unreachable: [] };
  readonly #unexpected: string[] = [];
  #unavailable = 0;
  #slowestMs = 0;

  answered({ ms }: Answer): void {
    this.#done.push(performance.now());
    this.#slowestMs = Math.max(this.#slowestMs, ms);
  }

  unavailable({ ms }: Answer): void {
    this.#unavailable += 1;
    this.#slowestMs = Math.max(this.#slowestMs, ms);
  }

  unexpected(what: string): void {
    this.#unexpected.push(what);
  }

  failed({ kind, message }: NoAnswer): void {
    this.#failures[kind].push(message);
  }

  get done(): number {
    return this.#done.length;
  }

  /** Answered with 503. */
  get refused(): number {
    return this.#unavailable;
  }

  get requests(): number {
    const failures = Object.values(this.#failures).reduce((sum, { length }) => sum + length, 0);
    return this.done + this.refused + this.#unexpected.length + failures;
  }

  get slowestMs(): number {
    return Math.round(this.#slowestMs);
  }

  /** Neither what was asked for nor 503. */
  get strange(): readonly string[] {
    return this.#unexpected;
  }

  failures(kind: NoAnswer['kind']): readonly string[] {
    return this.#failures[kind];
  }

  /** Requests a second that did what they should, in the time from then on. */
  rate(since: number, windowMs: number): number {
    return (this.#done.filter((at) => at >= since && at < since + windowMs).length * 1000) / windowMs;
  }
}
