import { IamError } from '../../domain/errors.ts';
import type { Observer } from '../../ports/observer.ts';

/** What came of use cases: how often each answered what, and refused why. */
export class OutcomeTally implements Observer {
  readonly #useCases = new Map<string, Map<string, number>>();

  async during<T>(useCase: string, work: () => Promise<T>): Promise<T> {
    try {
      const answer = await work();
      this.#count(useCase, kindOf(answer));
      return answer;
    } catch (error) {
      this.#count(useCase, error instanceof IamError ? error.code : 'failed');
      throw error;
    }
  }

  *tallied(): Generator<{ readonly useCase: string; readonly outcome: string; readonly count: number }> {
    for (const [useCase, outcomes] of this.#useCases) {
      for (const [outcome, count] of outcomes) yield { useCase, outcome, count };
    }
  }

  #count(useCase: string, outcome: string): void {
    const outcomes = this.#useCases.get(useCase) ?? new Map<string, number>();
    this.#useCases.set(useCase, outcomes);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
}

function kindOf(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null || !('kind' in answer)) return 'done';
  return typeof answer.kind === 'string' ? answer.kind : 'done';
}
