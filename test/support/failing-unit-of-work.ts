import type { UnitOfWork } from '../../src/ports/unit-of-work.ts';

/** Does all the work of the one behind it, and then, while `isFailing`, loses the store before the commit. */
export function failingAtTheEnd(unitOfWork: UnitOfWork, isFailing: () => boolean): UnitOfWork {
  return {
    run: (work) =>
      unitOfWork.run(async (repositories) => {
        const answer = await work(repositories);
        if (isFailing()) throw new Error('the store is gone');
        return answer;
      }),
  };
}
