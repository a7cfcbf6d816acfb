import { IamError } from '../domain/errors.ts';
import type { Ports } from '../ports/ports.ts';
import type { UserActor } from './actor.ts';
import { audited } from './audit/audited.ts';
import { inBothTrails } from './audit/in-both-trails.ts';
import type { KnownProjects } from './projects/known-projects.ts';

/** Whoever it is for comes first. */
interface UseCase {
  execute(by: never, ...input: never[]): Promise<unknown>;
}

type UseCases = Readonly<Record<string, UseCase>>;

interface Exceptions<Group> {
  readonly except: readonly (keyof Group & string)[];
}

type ClosedToImpersonators = <Group extends UseCases>(
  group: Group,
  exceptions?: Exceptions<Group>,
) => { readonly [Name in keyof Group]: Pick<Group[Name], 'execute'> };

type ImpersonationGuardDeps = Pick<Ports, 'unitOfWork' | 'clock'> & { readonly knownProjects: KnownProjects };

/**
 * Use cases for the people themselves: whoever acts in somebody's place is refused before anything else, which both
 * trails tell. What is open to them all the same is named; everything that comes to the group later is closed.
 */
export function impersonationGuard(deps: ImpersonationGuardDeps): ClosedToImpersonators {
  return <Group extends UseCases>(group: Group, { except }: Exceptions<Group> = { except: [] }) => {
    const guarded: UseCases = Object.fromEntries(
      Object.entries(group).map(([name, useCase]) => [
        name,
        except.includes(name) ? useCase : closed(name, useCase, deps),
      ]),
    );
    return guarded as Group;
  };
}

function closed(name: string, useCase: UseCase, deps: ImpersonationGuardDeps): UseCase {
  return {
    execute: async (by, ...input) => (actsForAnother(by) ? refuse(by, name, deps) : useCase.execute(by, ...input)),
  };
}

async function refuse(
  actor: UserActor,
  operation: string,
  { unitOfWork, knownProjects, clock }: ImpersonationGuardDeps,
): Promise<never> {
  const { rootTenantId } = await knownProjects.byId(actor.projectId);
  const metadata = { tenantId: actor.tenantId, operation };
  const what = { action: 'auth.impersonation.refused', entityType: 'session', entityId: actor.sessionId } as const;
  await unitOfWork.run(async ({ audit }) => {
    const entry = audited(actor, { ...what, metadata }, clock.now());
    for (const record of inBothTrails(rootTenantId, entry)) audit.record(record);
  });
  throw new IamError('impersonation-restricted');
}

function actsForAnother(by: unknown): by is UserActor {
  return typeof by === 'object' && by !== null && 'impersonatorId' in by && by.impersonatorId !== null;
}
