import type { Observer } from '../ports/observer.ts';

interface UseCase {
  execute(...input: never[]): Promise<unknown>;
}

type Groups = Readonly<Record<string, Readonly<Record<string, UseCase>>>>;

/** Use cases with somebody who looks on at each of them. Where there is nobody, they are what they were. */
export function observed<Given extends Groups>(observer: Observer | undefined, groups: Given): Given {
  if (observer === undefined) return groups;
  for (const [group, useCases] of Object.entries(groups)) {
    for (const [name, useCase] of Object.entries(useCases)) observe(observer, `${group}.${name}`, useCase);
  }
  return groups;
}

/** In place: a use case is nobody else's, and may have more to it than `execute`. */
function observe(observer: Observer, name: string, useCase: UseCase): void {
  const execute = useCase.execute.bind(useCase);
  useCase.execute = (...input) => observer.during(name, () => execute(...input));
}
