import type { RecoveryCodesEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import type { ProjectId } from '../project/project.ts';
import type { SecretDigest } from '../session/secret-digest.ts';
import type { UserId } from '../user/user.ts';

export const RECOVERY_CODES_TOTAL = 10;

/** An argon2id hash in PHC form. */
export type RecoveryCodeHash = Brand<string, 'RecoveryCodeHash'>;

/** One unspent code: a keyed tag that finds it, and the hash that proves it. */
export interface StoredRecoveryCode {
  readonly tag: SecretDigest;
  readonly hash: RecoveryCodeHash;
}

export interface RecoveryCodesState {
  readonly projectId: ProjectId;
  readonly userId: UserId;
  /** Unspent codes only. */
  readonly codes: readonly StoredRecoveryCode[];
  readonly generatedAt: Date;
}

/** The ten codes of a user: a way in when password or authenticator is lost. Shown once. */
export class RecoveryCodes extends AggregateRoot<RecoveryCodesEvent> {
  #state: RecoveryCodesState;

  private constructor(state: RecoveryCodesState) {
    super();
    this.#state = state;
  }

  static generated(input: Omit<RecoveryCodesState, 'generatedAt'>, now: Date): RecoveryCodes {
    return new RecoveryCodes({ ...input, generatedAt: now });
  }

  /** For repositories only. */
  static rehydrate(state: RecoveryCodesState): RecoveryCodes {
    return new RecoveryCodes(state);
  }

  /** New codes; every older one is worthless. */
  replace(codes: readonly StoredRecoveryCode[], now: Date): void {
    this.#state = { ...this.#state, codes, generatedAt: now };
  }

  /** As `replace`, asked for by the person alone: they are told. */
  regenerate(codes: readonly StoredRecoveryCode[], now: Date): void {
    this.replace(codes, now);
    const { projectId, userId } = this.#state;
    this.record({ type: 'recovery-codes-regenerated', projectId, userId, occurredAt: now.toISOString() });
  }

  /** Whether the code was still to be had; it is spent from now on. */
  spend(tag: SecretDigest): boolean {
    const codes = this.#state.codes.filter((code) => code.tag !== tag);
    if (codes.length === this.#state.codes.length) return false;
    this.#state = { ...this.#state, codes };
    return true;
  }

  /** Every unspent code is worthless from now on. */
  void(): void {
    this.#state = { ...this.#state, codes: [] };
  }

  toState(): RecoveryCodesState {
    return this.#state;
  }
}
