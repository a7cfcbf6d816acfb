import { IamError } from '../domain/errors.ts';

/** Whoever it is for comes first. */
interface UseCase {
  execute(by: never, ...input: never[]): Promise<unknown>;
}

type UseCases = Readonly<Record<string, UseCase>>;

/**
 * Use cases for the people themselves: whoever acts in somebody's place is refused before anything else. What is open
 * to them all the same is named; everything that comes to the group later is closed.
 */
export function ownOnly<Group extends UseCases>(
  group: Group,
  open: readonly (keyof Group & string)[] = [],
): { readonly [Name in keyof Group]: Pick<Group[Name], 'execute'> } {
  const guarded: UseCases = Object.fromEntries(
    Object.entries(group).map(([name, useCase]) => [name, open.includes(name) ? useCase : closed(useCase)]),
  );
  return guarded as Group;
}

function closed(useCase: UseCase): UseCase {
  return {
    execute: async (by, ...input) => {
      if (actsForAnother(by)) throw new IamError('impersonation-restricted');
      return useCase.execute(by, ...input);
    },
  };
}

function actsForAnother(by: unknown): boolean {
  return typeof by === 'object' && by !== null && 'impersonatorId' in by && by.impersonatorId !== null;
}
