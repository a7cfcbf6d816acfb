import type { Visitor } from '../../src/application/actor.ts';
import type { RegisterInput } from '../../src/application/authentication/register.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { UserId, UserState } from '../../src/domain/user/user.ts';
import { aLoggedInUser, at, from, type LoggedInUser, type TestIam } from '../support/an-iam.ts';
import { aProtectedUser, type ProtectedUser } from '../support/authenticator.ts';
import { aMembership, aTenant } from '../support/builders.ts';

/** Of the right form, and nobody's. */
export const WRONG_CODE = 'ZZZZ-ZZZZ-ZZZZ';

/** The sheet of paper that somebody keeps their recovery codes on. */
export class Sheet {
  readonly codes: readonly string[];
  #used = 0;

  constructor(codes: readonly string[]) {
    this.codes = codes;
  }

  /** One that was not taken from it yet. */
  next(): string {
    const code = this.codes[this.#used];
    if (code === undefined) throw new Error('no code is left');
    this.#used += 1;
    return code;
  }
}

export interface Holder extends LoggedInUser {
  readonly sheet: Sheet;
}

/** Signed in, with the ten codes of the registration. */
export async function aHolder(test: TestIam, visitor: Visitor, given: Partial<RegisterInput> = {}): Promise<Holder> {
  const user = await aLoggedInUser(test, visitor, given);
  return { ...user, sheet: new Sheet(user.registered.recoveryCodes) };
}

/** With an authenticator app in force, and the ten codes of its set-up. */
export async function aProtectedHolder(test: TestIam, visitor: Visitor): Promise<ProtectedUser & Holder> {
  const user = await aProtectedUser(test, visitor);
  return { ...user, sheet: new Sheet(user.recoveryCodes) };
}

/** What came of an attempt: `done`, or the refusal, with the seconds after which to try again where it says so. */
export function answerOf(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'done',
    ({ code, details }: { readonly code: string; readonly details?: { readonly retryAfterSeconds?: number } }) =>
      details?.retryAfterSeconds === undefined ? code : `${code} ${details.retryAfterSeconds}`,
  );
}

export function stateOf({ store }: TestIam, { actor }: Pick<LoggedInUser, 'actor'>): UserState {
  const state = store.users.get(`${actor.projectId} ${actor.userId}`);
  if (state === undefined) throw new Error('no such user');
  return state;
}

/** As an administrator would change it. */
export function put(test: TestIam, user: Pick<LoggedInUser, 'actor'>, change: Partial<UserState>): void {
  test.store.users.put({ ...stateOf(test, user), ...change }, test.store.nextVersion());
}

/** Another tenant, of the owner, that the members belong to. */
export async function aTenantOwnedBy(
  { clock, ports }: TestIam,
  { id: projectId }: Pick<ProjectState, 'id'>,
  ownerId: UserId,
  members: readonly UserId[],
): Promise<TenantId> {
  const now = clock.now();
  const { tenant, roles, ownerRole } = aTenant(now, { projectId, ownerId });
  await ports.unitOfWork.run(async (repositories) => {
    repositories.tenants.save(tenant);
    for (const role of roles) repositories.roles.save(role);
    const join = (userId: UserId) => aMembership(now, { projectId, tenantId: tenant.id, userId });
    repositories.memberships.save(aMembership(now, { projectId, tenantId: tenant.id, userId: ownerId }, [ownerRole]));
    for (const userId of members) repositories.memberships.save(join(userId));
  });
  return tenant.id;
}

/** Wrong codes, from a network that never signs anybody in. */
async function guesses(
  count: number,
  { iam }: TestIam,
  { id }: Pick<ProjectState, 'id'>,
  email: string,
): Promise<void> {
  const visitor = at({ id }, 'v1', from('203.0.113.9'));
  for (let done = 0; done < count; done += 1) {
    await answerOf(iam.recovery.recover.execute(visitor, { email, recoveryCode: WRONG_CODE }));
  }
}

/** Fourteen wrong codes, with the hours that lie between them. */
export async function lockButForOne(test: TestIam, project: Pick<ProjectState, 'id'>, email: string): Promise<void> {
  for (const count of [5, 5]) {
    await guesses(count, test, project, email);
    test.clock.advance(60 * 60);
  }
  await guesses(4, test, project, email);
}

export function theLastOne(test: TestIam, project: Pick<ProjectState, 'id'>, email: string): Promise<void> {
  return guesses(1, test, project, email);
}

/** Fifteen wrong codes, with the hours that lie between them. */
export async function lock(test: TestIam, project: Pick<ProjectState, 'id'>, email: string): Promise<void> {
  await lockButForOne(test, project, email);
  await theLastOne(test, project, email);
}
