import type { UnitOfWork } from '../../src/ports/unit-of-work.ts';

/** Does all the work of the one behind it, and lets something happen before each commit: another's, or the end of it. */
export function beforeCommit(unitOfWork: UnitOfWork, happen: () => Promise<void>): UnitOfWork {
  return {
    run: (work) =>
      unitOfWork.run(async (repositories) => {
        const answer = await work(repositories);
        await happen();
        return answer;
      }),
  };
}
