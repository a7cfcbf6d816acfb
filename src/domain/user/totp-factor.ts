import { IamError } from '../errors.ts';
import type { TotpFactorEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import type { ProjectId } from '../project/project.ts';
import type { StoredRecoveryCode } from '../recovery/recovery-codes.ts';
import type { SealedSecret } from '../session/sealed-secret.ts';
import type { UserId } from './user.ts';

/** A time step of 30 seconds since 1970 (RFC 6238 §4.2). */
export type TotpStep = Brand<number, 'TotpStep'>;

export const TOTP_STEP_SECONDS = 30;

export function stepAt(moment: Date): TotpStep {
  return Math.floor(moment.getTime() / 1000 / TOTP_STEP_SECONDS) as TotpStep;
}

export interface TotpFactorState {
  readonly projectId: ProjectId;
  readonly userId: UserId;
  /** The secret in force, sealed; `null` while none is. */
  readonly secret: SealedSecret | null;
  /** The latest step whose code was taken: neither it nor an earlier one is taken again. */
  readonly lastStep: TotpStep | null;
  /** A secret that waits for its first code, sealed. */
  readonly pendingSecret: SealedSecret | null;
  /** `null`: it waits until it is confirmed or replaced. */
  readonly pendingExpiresAt: Date | null;
  /** Recovery codes that become the valid ones with it. */
  readonly pendingRecoveryCodes: readonly StoredRecoveryCode[];
}

/** A set-up that is not confirmed yet. */
export type PendingTotp = Pick<TotpFactorState, 'pendingSecret' | 'pendingExpiresAt' | 'pendingRecoveryCodes'>;

const NOTHING_PENDING: PendingTotp = { pendingSecret: null, pendingExpiresAt: null, pendingRecoveryCodes: [] };

/** An authenticator app of a user: at most one in force, and one that is being set up. */
export class TotpFactor extends AggregateRoot<TotpFactorEvent> {
  #state: TotpFactorState;

  private constructor(state: TotpFactorState) {
    super();
    this.#state = state;
  }

  static none(user: Pick<TotpFactorState, 'projectId' | 'userId'>): TotpFactor {
    return new TotpFactor({ ...user, secret: null, lastStep: null, ...NOTHING_PENDING });
  }

  /** One that was in force elsewhere. */
  static import(user: Pick<TotpFactorState, 'projectId' | 'userId'>, secret: SealedSecret): TotpFactor {
    return new TotpFactor({ ...TotpFactor.none(user).toState(), secret });
  }

  /** For repositories only. */
  static rehydrate(state: TotpFactorState): TotpFactor {
    return new TotpFactor(state);
  }

  get inForce(): boolean {
    return this.#state.secret !== null;
  }

  /** Takes the place of an earlier set-up. @throws IamError `mfa-already-enabled` */
  begin(pending: PendingTotp, now: Date): void {
    if (this.inForce) throw new IamError('mfa-already-enabled');
    this.#state = { ...this.#state, ...pending };
    const { projectId, userId } = this.#state;
    this.record({ type: 'mfa-setup-started', projectId, userId, occurredAt: now.toISOString() });
  }

  /** The pending secret is in force, its first code spent. Answers the recovery codes that come with it. */
  confirm(box: SealedSecret, step: TotpStep, now: Date): readonly StoredRecoveryCode[] {
    assertPending(this.#state, now);
    const { pendingSecret: waiting, pendingRecoveryCodes } = this.#state;
    if (waiting !== box) throw new IamError('mfa-invalid');
    this.#state = { ...this.#state, secret: box, lastStep: step, ...NOTHING_PENDING };
    return pendingRecoveryCodes;
  }

  /** Whether the code of a step is still to be had: not once it, or a later one, was taken. */
  takes(box: SealedSecret, step: TotpStep): boolean {
    const { secret: inForce, lastStep } = this.#state;
    return inForce === box && (lastStep === null || step > lastStep);
  }

  /** A code succeeds once, ever (RFC 6238 §5.2). @throws IamError `mfa-invalid` */
  spend(box: SealedSecret, step: TotpStep): void {
    if (!this.takes(box, step)) throw new IamError('mfa-invalid');
    this.#state = { ...this.#state, lastStep: step };
  }

  toState(): TotpFactorState {
    return this.#state;
  }
}

/** @throws IamError `mfa-already-enabled`, `mfa-setup-missing` when nothing waits for a code */
export function assertPending(
  factor: TotpFactorState | undefined,
  now: Date,
): asserts factor is TotpFactorState & { readonly pendingSecret: SealedSecret } {
  if (factor !== undefined && factor.secret !== null) throw new IamError('mfa-already-enabled');
  if (factor === undefined || factor.pendingSecret === null) throw new IamError('mfa-setup-missing');
  if (factor.pendingExpiresAt !== null && factor.pendingExpiresAt <= now) throw new IamError('mfa-setup-missing');
}
