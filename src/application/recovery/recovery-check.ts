import { IamError } from '../../domain/errors.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import type { RecoveryCodes } from '../../domain/recovery/recovery-codes.ts';
import { isActive } from '../../domain/user/account-standing.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { User, UserId, UserState } from '../../domain/user/user.ts';
import type { BudgetKey, Reservation } from '../../ports/attempt-budget.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { Policy } from '../policy.ts';
import { recoveryBudget } from './recovery-budget.ts';

/** A recovery code that was right when it was looked at. */
export interface RightRecoveryCode {
  readonly user: UserState;
  /**
   * Commits what the code was shown for, and the code is spent by it.
   * @throws IamError `invalid-credentials` when somebody else has spent it since
   */
  commit<T>(work: (repositories: Repositories, codes: RecoveryCodes) => Promise<T>): Promise<T>;
}

type RecoveryCheckDeps = Pick<
  Ports,
  'unitOfWork' | 'recoveryCodesDirectory' | 'recoveryCodeIssuer' | 'attemptBudget' | 'sessionWatch' | 'clock'
> & { readonly policy: Policy };

/**
 * Evaluates recovery codes on the budget of the address. Using it up closes recovery for an hour; doing so again and
 * again locks the account. An address that nobody has is answered the same at every step.
 */
export class RecoveryCheck {
  readonly #deps: RecoveryCheckDeps;
  constructor(deps: RecoveryCheckDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `invalid-credentials`, `account-locked`, `overloaded` */
  async assert(
    visitor: Visitor,
    project: ProjectState,
    email: EmailAddress,
    presented: string,
  ): Promise<RightRecoveryCode> {
    const { unitOfWork, recoveryCodesDirectory, recoveryCodeIssuer, clock } = this.#deps;
    const key = recoveryBudget(project.id, email);
    const reservation = await this.#reserve(visitor, project, email, key);
    const holder = await recoveryCodesDirectory.byEmail(project.id, email);
    const tag = await recoveryCodeIssuer
      .verify(holder?.user.id, presented, holder?.codes?.codes ?? [])
      .catch(async (refusal: unknown) => {
        // What was never evaluated closes recovery for nobody.
        await unitOfWork.run(async ({ attempts }) => attempts.giveBack([key]));
        throw refusal;
      });
    if (holder === undefined || tag === undefined) {
      return this.#fail(visitor, project, email, holder?.user.id ?? null, reservation);
    }
    // What is refused after a right code, like a weak password, counts as no attempt.
    await unitOfWork.run(async ({ attempts }) => attempts.giveBack([key]));
    return {
      user: holder.user,
      commit: async (work) => {
        const outcome = await unitOfWork.run(async (repositories) => {
          const { recoveryCodes, attempts, audit } = repositories;
          const now = clock.now();
          const codes = await recoveryCodes.ofUser(project.id, holder.user.id);
          if (codes === undefined || !codes.spend(tag)) {
            audit.record(audited(visitor, failure(email, holder.user.id), now));
            return undefined;
          }
          recoveryCodes.save(codes);
          attempts.succeed([key], now);
          return { answer: await work(repositories, codes) };
        });
        // Only now: thrown inside `run`, this would leave no trace.
        if (outcome === undefined) throw new IamError('invalid-credentials');
        return outcome.answer;
      },
    };
  }

  /** The lock ends by itself unless there were too many failures altogether. */
  async #reserve(visitor: Visitor, project: ProjectState, email: EmailAddress, key: BudgetKey): Promise<Reservation> {
    const { attemptBudget, policy, clock } = this.#deps;
    const reservation = await attemptBudget.reserve(key, policy.attempts.recovery, clock.now());
    if (reservation.granted) return reservation;
    if (this.#isClosed(reservation)) {
      await this.#makeUp(visitor, project, email);
      throw new IamError('account-locked', {});
    }
    throw new IamError('account-locked', { retryAfterSeconds: reservation.retryAfterSeconds });
  }

  async #fail(
    visitor: Visitor,
    project: ProjectState,
    email: EmailAddress,
    userId: UserId | null,
    reservation: Reservation,
  ): Promise<never> {
    const { unitOfWork, attemptBudget, sessionWatch, clock } = this.#deps;
    const locked = await unitOfWork.run(async (repositories) => {
      const now = clock.now();
      const { audit, events } = repositories;
      audit.record(audited(visitor, failure(email, userId), now));
      const user = this.#isClosed(reservation) ? await lockable(repositories, project, email) : undefined;
      // A right code of the same moment has cleared the count by now, or its commit makes this one start anew.
      const { failures } = await attemptBudget.look(recoveryBudget(project.id, email), now);
      if (failures < reservation.failures) return undefined;
      const untilUnlocked = this.#isClosed(reservation);
      if (reservation.usedUp || untilUnlocked) events.record(alarm(project, email, untilUnlocked, now));
      if (user !== undefined) lock(repositories, visitor, user, now);
      return user?.id;
    });
    if (locked !== undefined) await sessionWatch.announce({ userId: locked });
    throw new IamError('invalid-credentials');
  }

  /** The failure that closed recovery may have been lost on its way to the account. */
  async #makeUp(visitor: Visitor, project: ProjectState, email: EmailAddress): Promise<void> {
    const { unitOfWork, attemptBudget, sessionWatch, clock } = this.#deps;
    const locked = await unitOfWork.run(async (repositories) => {
      const now = clock.now();
      const user = await lockable(repositories, project, email);
      const standing = await attemptBudget.look(recoveryBudget(project.id, email), now);
      if (user === undefined || !this.#isClosed(standing)) return undefined;
      repositories.events.record(alarm(project, email, true, now));
      lock(repositories, visitor, user, now);
      return user.id;
    });
    if (locked !== undefined) await sessionWatch.announce({ userId: locked });
  }

  #isClosed({ failures }: Pick<Reservation, 'failures'>): boolean {
    const { closesAfter } = this.#deps.policy.attempts.recovery;
    return closesAfter !== undefined && failures >= closesAfter;
  }
}

function failure(email: EmailAddress, userId: UserId | null) {
  const action = 'auth.recovery.failed';
  return { action, entityType: 'user', entityId: userId, userId, metadata: { email } } as const;
}

function alarm({ id: projectId }: ProjectState, email: EmailAddress, untilUnlocked: boolean, now: Date) {
  return { type: 'recovery-locked', projectId, email, untilUnlocked, occurredAt: now.toISOString() } as const;
}

function lock({ users, signInChallenges, audit }: Repositories, visitor: Visitor, user: User, now: Date): void {
  user.lock(now);
  users.save(user);
  signInChallenges.discard(user.toState().projectId, user.id);
  const what = { action: 'user.locked', entityType: 'user', entityId: user.id, userId: user.id } as const;
  audit.record(audited(visitor, what, now));
}

/** What is out of use is not locked besides. Nobody may lock the owner of the platform out: there recovery alone closes. */
async function lockable(
  { users, tenants }: Repositories,
  project: ProjectState,
  email: EmailAddress,
): Promise<User | undefined> {
  const user = await users.byEmail(project.id, email);
  if (user === undefined || !isActive(user.toState())) return undefined;
  const root = project.platform ? await tenants.byId(project.id, project.rootTenantId) : undefined;
  return root?.toState().ownerId === user.id ? undefined : user;
}
