import { IamError } from '../../domain/errors.ts';
import type { Repositories, UnitOfWork } from '../../ports/unit-of-work.ts';
import { CollectedChanges } from './collected-changes.ts';
import { memoryRepositories } from './repositories.ts';
import type { MemoryStore } from './store.ts';

const RERUNS = 3;

/** A commit is one synchronous step, as it is one statement on Postgres. */
export class MemoryUnitOfWork implements UnitOfWork {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  async run<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    for (let run = 0; run <= RERUNS; run += 1) {
      const changes = new CollectedChanges(this.#store);
      const answer = await work(memoryRepositories(this.#store, changes));
      if (changes.apply()) return answer;
    }
    throw new IamError('conflict');
  }
}
