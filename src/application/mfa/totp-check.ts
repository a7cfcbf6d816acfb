import { IamError } from '../../domain/errors.ts';
import { type SealedSecret, sealedUnder } from '../../domain/session/sealed-secret.ts';
import type { SignInChallengeId } from '../../domain/session/sign-in-challenge.ts';
import type { TotpFactor, TotpStep } from '../../domain/user/totp-factor.ts';
import type { UserState } from '../../domain/user/user.ts';
import type { BudgetKey } from '../../ports/attempt-budget.ts';
import type { SeenTotpFactor } from '../../ports/directories/totp-factor-directory.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { UserActor, Visitor } from '../actor.ts';
import { recordFailedAttempt } from '../authentication/failed-attempt.ts';
import { assertGranted, isClosed, type PasswordAttempts } from '../authentication/password-attempts.ts';
import type { Policy } from '../policy.ts';
import { totpBinding } from './totp-binding.ts';

type Person = Pick<UserState, 'id' | 'projectId' | 'email'>;

/** A code that was right when it was looked at. */
export interface RightCode {
  /**
   * Commits what the code was shown for, and the code is spent by it.
   * @throws IamError `mfa-invalid` when somebody else has spent it since: a failure like any other wrong code
   */
  commit<T>(work: (repositories: Repositories, factor: TotpFactor) => Promise<T>): Promise<T>;
}

/** A code that was right for a secret, and the budgets that it was evaluated on. */
export interface EvaluatedCode {
  readonly step: TotpStep;
  readonly keys: readonly BudgetKey[];
  /** Consecutive failures of the account, unless this is none. */
  readonly failures: number;
}

type TotpCheckDeps = Pick<
  Ports,
  'unitOfWork' | 'totpFactorDirectory' | 'totpAuthenticator' | 'secretBox' | 'attemptBudget' | 'clock'
> & {
  readonly passwordAttempts: PasswordAttempts;
  readonly policy: Policy;
};

/** Evaluates codes of authenticator apps, on one budget of the account over all surfaces (RFC 4226 §7.3). */
export class TotpCheck {
  readonly #deps: TotpCheckDeps;
  constructor(deps: TotpCheckDeps) {
    this.#deps = deps;
  }

  /**
   * The factor in force. `ticket`: what the code is shown for, with tries of its own. `factor`: where it was read already.
   * @throws IamError `mfa-invalid`, `rate-limited`; `token-invalid` for a ticket that has no tries left
   */
  async assert(
    by: Visitor | UserActor,
    person: Person,
    code: string,
    { ticket, factor }: { readonly ticket?: SignInChallengeId; readonly factor?: SeenTotpFactor | undefined } = {},
  ): Promise<RightCode> {
    const { unitOfWork, totpFactorDirectory, clock } = this.#deps;
    const seen = factor ?? (await totpFactorDirectory.ofUser(person.projectId, person.id));
    const box = seen?.state.secret ?? null;
    const { step, keys, failures } = await this.evaluate(by, person, box, code, ticket);
    return {
      commit: async (work) => {
        let fresh = seen;
        const outcome = await unitOfWork.run(async (repositories) => {
          const { totpFactors, attempts } = repositories;
          // Whoever lost the race looks again.
          const present = fresh ? totpFactors.asSeen(fresh) : await totpFactors.ofUser(person.projectId, person.id);
          fresh = undefined;
          if (present === undefined || box === null) return undefined;
          const boxNow = this.boxNow(person, box, present.toState().secret);
          if (!present.takes(boxNow, step)) return undefined;
          present.spend(boxNow, step);
          totpFactors.save(present);
          attempts.succeed(keys, clock.now());
          return { answer: await work(repositories, present) };
        });
        // Only now: thrown inside `run`, this would leave no trace.
        if (outcome === undefined) return this.#fail(by, person, failures);
        return outcome.answer;
      },
    };
  }

  /** `undefined` where no factor is on. @throws IamError `mfa-required`, and as `assert` */
  async assertIfOn(
    by: Visitor | UserActor,
    person: Person & Pick<UserState, 'totpEnabledAt'>,
    code: string | undefined,
    factor?: SeenTotpFactor | undefined,
  ): Promise<RightCode | undefined> {
    if (person.totpEnabledAt === null) return undefined;
    if (code === undefined) throw new IamError('mfa-required');
    return this.assert(by, person, code, { factor });
  }

  /** Commits what a code was shown for, where one was asked for. */
  commit<T>(code: RightCode | undefined, work: (repositories: Repositories) => Promise<T>): Promise<T> {
    return code === undefined ? this.#deps.unitOfWork.run(work) : code.commit(work);
  }

  /** Any secret of the person, in force or pending. Reserved before it is evaluated. @throws IamError as `assert` */
  async evaluate(
    by: Visitor | UserActor,
    person: Person,
    sealed: SealedSecret | null,
    code: string,
    ticket?: SignInChallengeId | undefined,
  ): Promise<EvaluatedCode> {
    const { unitOfWork, attemptBudget, policy, clock, secretBox, totpAuthenticator } = this.#deps;
    const { projectId, id } = person;
    const now = clock.now();
    const account: BudgetKey = { projectId, budget: 'totp-account', subject: id };
    const ofTicket: BudgetKey[] = ticket === undefined ? [] : [{ projectId, budget: 'totp-ticket', subject: ticket }];
    for (const key of ofTicket) {
      const { granted } = await attemptBudget.reserve(key, policy.attempts['totp-ticket'], now);
      if (!granted) throw new IamError('token-invalid');
    }
    const byAccount = await attemptBudget.reserve(account, policy.attempts['totp-account'], now);
    assertGranted(byAccount);
    if (isClosed(byAccount) && !(await this.#isFamiliar(by, person))) {
      // Strangers use up nothing of what is left for whoever is no stranger.
      await unitOfWork.run(async ({ attempts }) => attempts.giveBack([account]));
      throw new IamError('rate-limited', { retryAfterSeconds: policy.attempts['totp-account'].windowSeconds });
    }
    const secret = sealed === null ? undefined : secretBox.open(sealed, totpBinding(projectId, id));
    const step = secret === undefined ? undefined : await totpAuthenticator.stepOf(secret, code, now);
    const { failures } = byAccount;
    return step === undefined ? this.#fail(by, person, failures) : { step, keys: [account, ...ofTicket], failures };
  }

  /** The box that lies in the place of an evaluated one by now, if it is the same secret, sealed under another key. */
  boxNow({ projectId, id }: Person, evaluated: SealedSecret, present: SealedSecret | null): SealedSecret {
    if (present === null || sealedUnder(present) === sealedUnder(evaluated)) return evaluated;
    const [was, is] = [evaluated, present].map((box) => this.#deps.secretBox.open(box, totpBinding(projectId, id)));
    return was === is ? present : evaluated;
  }

  async #fail(by: Visitor | UserActor, { id: userId, email }: Person, failures: number): Promise<never> {
    await recordFailedAttempt(this.#deps, by, { action: 'auth.mfa.failed', email, userId, failures });
    throw new IamError('mfa-invalid');
  }

  async #isFamiliar({ origin }: Visitor, { projectId, email }: Person): Promise<boolean> {
    return email !== null && this.#deps.passwordAttempts.isFamiliar(projectId, email, origin);
  }
}
