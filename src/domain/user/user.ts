import { IamError, invalidField } from '../errors.ts';
import type { Dialect, UserEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import { identifierDoor } from '../kernel/identifier.ts';
import type { ProjectId } from '../project/project.ts';
import type { TenantId } from '../tenant/tenant.ts';
import type { EmailAddress } from './email-address.ts';

export type UserId = Brand<string, 'UserId'>;
export const UserId = identifierDoor<UserId>();

/** An argon2id hash in PHC form, or one of another form that the account brought along. */
export type PasswordHash = Brand<string, 'PasswordHash'>;

export type UserStatus = 'active' | 'invited' | 'disabled' | 'locked';

/** `proof`: the new mailbox answers. `consent`: the old one agrees, where somebody else asked for the change. */
export type EmailChangeStep = 'proof' | 'consent';

/** A JSON object that Castellan stores for others and never looks into. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface UserState {
  readonly id: UserId;
  readonly projectId: ProjectId;
  readonly email: EmailAddress | null;
  readonly emailVerifiedAt: Date | null;
  readonly pendingEmail: EmailAddress | null;
  /** What is still missing before `pendingEmail` is the address. */
  readonly pendingEmailAwaits: readonly EmailChangeStep[];
  readonly passwordHash: PasswordHash | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phone: string | null;
  readonly avatarUrl: string | null;
  /** The application's. */
  readonly metadata: JsonObject;
  /** The person's. */
  readonly preferences: JsonObject;
  readonly status: UserStatus;
  /** Then nobody else lets the person in again. */
  readonly disabledByPlatform: boolean;
  /** Since when a code of an authenticator app is asked for besides. */
  readonly totpEnabledAt: Date | null;
  /** Whether the person counts towards the project's user limit. */
  readonly holdsSeat: boolean;
  /** Sessions opened under an older epoch are dead: this is how all of them end at once. */
  readonly sessionEpoch: number;
  /** How the latest sign-in was done: `email`, `email_totp`, `recovery`, or a provider's id. */
  readonly lastLoginMethod: string | null;
  /** The tenant that the person wants to land in. */
  readonly lastTenantId: TenantId | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly deletedAt: Date | null;
}

export interface Registration {
  readonly id: UserId;
  readonly projectId: ProjectId;
  readonly email: EmailAddress;
  readonly passwordHash: PasswordHash;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phone: string | null;
  readonly metadata: JsonObject;
  readonly holdsSeat: boolean;
  readonly dialect: Dialect;
  /** Whether the address is to be proven by mail. */
  readonly proofRequested: boolean;
}

/** An account as it was elsewhere. */
export interface ImportedAccount
  extends Pick<
    UserState,
    | 'id'
    | 'projectId'
    | 'email'
    | 'passwordHash'
    | 'firstName'
    | 'lastName'
    | 'phone'
    | 'avatarUrl'
    | 'metadata'
    | 'preferences'
    | 'disabledByPlatform'
    | 'holdsSeat'
    | 'createdAt'
  > {
  readonly emailVerified: boolean;
  readonly status: Exclude<UserStatus, 'invited'>;
  /** Whether it brings an authenticator app, too. */
  readonly withTotp: boolean;
}

export interface ProfileChange {
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly avatarUrl?: string | null | undefined;
  readonly preferences?: JsonObject | undefined;
  readonly metadata?: JsonObject | undefined;
}

const NO_EMAIL_CHANGE = { pendingEmail: null, pendingEmailAwaits: [] } as const;

const AS_ALL_BEGIN = {
  ...NO_EMAIL_CHANGE,
  avatarUrl: null,
  preferences: {},
  disabledByPlatform: false,
  totpEnabledAt: null,
  sessionEpoch: 0,
  lastLoginMethod: null,
  lastTenantId: null,
  deletedAt: null,
} as const;

/** One person in one project. Governs their own account; tenants govern memberships. */
export class User extends AggregateRoot<UserEvent> {
  #state: UserState;

  private constructor(state: UserState) {
    super();
    this.#state = state;
  }

  static register(registration: Registration, now: Date): User {
    const { dialect, proofRequested, ...given } = registration;
    const user = User.#open({ ...given, emailVerifiedAt: null, status: 'active' }, now);
    user.record({ type: 'user-registered', ...user.#happened(now), dialect, proofRequested });
    return user;
  }

  /** Somebody whom a provider knows. `email`: one that it has proven; without one there is none. Holds a seat. */
  static arrive(
    input: Pick<UserState, 'id' | 'projectId' | 'email' | 'firstName' | 'lastName'> & { readonly dialect: Dialect },
    now: Date,
  ): User {
    const { dialect, ...given } = input;
    const emailVerifiedAt = given.email === null ? null : now;
    const nothingElse = { passwordHash: null, phone: null, metadata: {} };
    const user = User.#open({ ...given, ...nothingElse, emailVerifiedAt, status: 'active', holdsSeat: true }, now);
    user.record({ type: 'user-registered', ...user.#happened(now), dialect, proofRequested: false });
    return user;
  }

  /** Stands in for somebody who has been invited. Holds no address: whoever owns it may still register. */
  static invite(
    input: Pick<UserState, 'id' | 'projectId' | 'firstName' | 'lastName'> & { readonly email: EmailAddress },
    now: Date,
  ): User {
    const nothingElse = { passwordHash: null, phone: null, metadata: {} };
    const opened = { ...input, ...nothingElse, emailVerifiedAt: null, status: 'invited', holdsSeat: false } as const;
    const user = User.#open(opened, now);
    user.record({ type: 'user-invited', ...user.#happened(now) });
    return user;
  }

  /** Somebody who had an account elsewhere, as it was there. @throws IamError `validation-error` for a time to come */
  static import(account: ImportedAccount, now: Date): User {
    const { emailVerified, withTotp, ...given } = account;
    if (given.createdAt > now) {
      throw invalidField('createdAt', 'must not be in the future', 'TOO_BIG');
    }
    const emailVerifiedAt = emailVerified && given.email !== null ? now : null;
    const totpEnabledAt = withTotp ? now : null;
    const user = new User({ ...AS_ALL_BEGIN, ...given, emailVerifiedAt, totpEnabledAt, updatedAt: now });
    user.record({ type: 'user-imported', ...user.#happened(now) });
    return user;
  }

  static #open(given: Omit<UserState, keyof typeof AS_ALL_BEGIN | 'createdAt' | 'updatedAt'>, now: Date): User {
    return new User({ ...given, ...AS_ALL_BEGIN, createdAt: now, updatedAt: now });
  }

  /** For repositories only. */
  static rehydrate(state: UserState): User {
    return new User(state);
  }

  get id(): UserId {
    return this.#state.id;
  }
  get emailVerified(): boolean {
    return this.#state.emailVerifiedAt !== null;
  }

  /** Whoever reads the mailbox has come: the account is theirs, and proven. The caller takes a seat. */
  acceptInvitation(
    person: Pick<UserState, 'passwordHash' | 'firstName' | 'lastName'> & { readonly dialect: Dialect },
    now: Date,
  ): void {
    if (this.#state.status !== 'invited') throw new IamError('token-invalid');
    const { dialect, ...given } = person;
    this.#state = { ...this.#state, ...given, status: 'active', emailVerifiedAt: now, holdsSeat: true, updatedAt: now };
    this.record({ type: 'user-registered', ...this.#happened(now), dialect, proofRequested: false });
    this.record({ type: 'email-verified', ...this.#happened(now) });
  }

  /** The hash that this account is to be checked against from now on, for the same password. */
  upgradeHash(passwordHash: PasswordHash): void {
    this.#state = { ...this.#state, passwordHash };
  }

  /** Answers the method of the previous sign-in. No event: the session tells. */
  signedIn(method: string): string | null {
    const previous = this.#state.lastLoginMethod;
    this.#state = { ...this.#state, lastLoginMethod: method };
    return previous;
  }

  prefersTenant(tenantId: TenantId): void {
    this.#state = { ...this.#state, lastTenantId: tenantId };
  }

  /** The mailbox answered, by the way that made the account. Idempotent. */
  proveMailbox(now: Date): void {
    if (this.emailVerified) return;
    this.#state = { ...this.#state, emailVerifiedAt: now, holdsSeat: true, updatedAt: now };
    this.record({ type: 'email-verified', ...this.#happened(now) });
  }

  /**
   * The mailbox answered, by another way than the one that made the account: what somebody else may have put there is
   * gone (security.md, pre-hijacking). The caller voids what stands in other aggregates.
   */
  reclaim(now: Date): void {
    this.#state = {
      ...this.#state,
      ...NO_EMAIL_CHANGE,
      passwordHash: null,
      firstName: null,
      lastName: null,
      phone: null,
      avatarUrl: null,
      preferences: {},
      totpEnabledAt: null,
      lastLoginMethod: null,
    };
    this.#endSessions();
    this.proveMailbox(now);
  }

  /** A new password, chosen by somebody who showed the old one. Every session ends; the caller may carry one over. */
  changePassword(passwordHash: PasswordHash, now: Date): void {
    this.#state = { ...this.#state, passwordHash, updatedAt: now };
    this.#endSessions();
    this.record({ type: 'password-changed', ...this.#happened(now) });
  }

  /** A new password, chosen by whoever reads the mailbox. Every session and pending change ends; a second factor stays. */
  resetPassword(passwordHash: PasswordHash, now: Date): void {
    if (!this.emailVerified) this.reclaim(now);
    this.#state = { ...this.#state, passwordHash, ...NO_EMAIL_CHANGE, updatedAt: now };
    this.#endSessions();
    this.record({ type: 'password-reset', ...this.#happened(now) });
  }

  /** From now on signing in takes a code besides. Every session ends; the caller may carry one over. */
  turnOnTotp(now: Date): void {
    this.#state = { ...this.#state, totpEnabledAt: now, updatedAt: now };
    this.#endSessions();
    this.record({ type: 'mfa-enabled', ...this.#happened(now) });
  }

  /** @throws IamError `mfa-not-enabled` */
  turnOffTotp(now: Date): void {
    if (this.#state.totpEnabledAt === null) throw new IamError('mfa-not-enabled');
    this.#state = { ...this.#state, totpEnabledAt: null, updatedAt: now };
    this.#endSessions();
    this.record({ type: 'mfa-disabled', ...this.#happened(now) });
  }

  /** Somebody came with a recovery code. Every session and pending change ends. */
  recover(now: Date): void {
    this.#state = { ...this.#state, ...NO_EMAIL_CHANGE, updatedAt: now };
    this.#endSessions();
    this.record({ type: 'account-recovered', ...this.#happened(now) });
  }

  /** Too many wrong recovery codes. Sessions live on: whoever holds one is not who was guessing. Idempotent. */
  lock(now: Date): void {
    if (this.#state.status !== 'active') return;
    this.#state = { ...this.#state, status: 'locked', updatedAt: now };
    this.record({ type: 'user-locked', ...this.#happened(now) });
  }

  /** Idempotent. */
  unlock(now: Date): void {
    if (this.#state.status !== 'locked') return;
    this.#state = { ...this.#state, status: 'active', updatedAt: now };
    this.record({ type: 'user-unlocked', ...this.#happened(now) });
  }

  /** Out of use: every session ends. Idempotent; what the platform says is not taken back by what anybody else says. */
  disable(now: Date, by: { readonly platform: boolean } = { platform: false }): void {
    const { status, disabledByPlatform } = this.#state;
    if (status === 'disabled' && (disabledByPlatform || !by.platform)) return;
    this.#state = { ...this.#state, disabledByPlatform: by.platform, updatedAt: now };
    if (status === 'disabled') return;
    this.#state = { ...this.#state, status: 'disabled' };
    this.#endSessions();
    this.record({ type: 'user-disabled', ...this.#happened(now) });
  }

  /** Idempotent; a locked account stays locked. */
  enable(now: Date): void {
    if (this.#state.status !== 'disabled') return;
    this.#state = { ...this.#state, status: 'active', disabledByPlatform: false, updatedAt: now };
    this.record({ type: 'user-enabled', ...this.#happened(now) });
  }

  /** Every session ends, what is stored is kept; a proven address stays taken. The caller releases the seat. Idempotent. */
  delete(now: Date): void {
    if (this.#state.deletedAt !== null) return;
    this.#state = { ...this.#state, deletedAt: now, holdsSeat: false, updatedAt: now };
    this.#endSessions();
    this.record({ type: 'user-deleted', ...this.#happened(now) });
  }

  /** The caller takes a seat where `holdsSeat`. Idempotent. */
  restore(now: Date, { holdsSeat }: Pick<UserState, 'holdsSeat'>): void {
    if (this.#state.deletedAt === null) return;
    this.#state = { ...this.#state, deletedAt: null, holdsSeat, updatedAt: now };
    this.record({ type: 'user-restored', ...this.#happened(now) });
  }

  /** Every session opened so far is dead. */
  endSessions(now: Date): void {
    this.#endSessions();
    this.#state = { ...this.#state, updatedAt: now };
  }

  changeProfile(change: ProfileChange, now: Date): void {
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    this.#state = { ...this.#state, ...given, updatedAt: now };
    this.record({ type: 'profile-changed', ...this.#happened(now) });
  }

  /**
   * The new address is pending until it is proven, and consented to where somebody else asks for a proven account.
   * @throws IamError `forbidden` where somebody else asks for an account without an address: nobody could consent
   */
  requestEmailChange(
    email: EmailAddress,
    now: Date,
    options: { readonly byOther: boolean } = { byOther: false },
  ): void {
    if (options.byOther && this.#state.email === null) throw new IamError('forbidden', {});
    const consentNeeded = options.byOther && this.emailVerified;
    const pendingEmailAwaits: readonly EmailChangeStep[] = consentNeeded ? ['proof', 'consent'] : ['proof'];
    this.#state = { ...this.#state, pendingEmail: email, pendingEmailAwaits, updatedAt: now };
    this.record({ type: 'email-change-requested', ...this.#happened(now), newEmail: email, consentNeeded });
  }

  /** Whoever reads the mailbox has come: what was asked for before that is void. */
  abandonEmailChange(): void {
    this.#state = { ...this.#state, ...NO_EMAIL_CHANGE };
  }

  /**
   * One step towards the pending address; the last one makes it the address. Answers whether it is.
   * @throws IamError `token-invalid` when another one is pending by now
   */
  advanceEmailChange(step: EmailChangeStep, email: EmailAddress, now: Date): boolean {
    if (this.#state.pendingEmail !== email) throw new IamError('token-invalid');
    const pendingEmailAwaits = this.#state.pendingEmailAwaits.filter((awaited) => awaited !== step);
    this.#state = { ...this.#state, pendingEmailAwaits, updatedAt: now };
    if (pendingEmailAwaits.length > 0) return false;
    const oldEmail = this.#state.email;
    this.#state = { ...this.#state, email, emailVerifiedAt: now, ...NO_EMAIL_CHANGE };
    this.record({ type: 'email-changed', ...this.#happened(now), oldEmail });
    return true;
  }

  /** Somebody says: this was not me. Only an unproven account goes. @throws IamError `token-invalid` */
  disown(now: Date): void {
    if (this.emailVerified) throw new IamError('token-invalid');
    this.record({ type: 'user-removed', ...this.#happened(now) });
  }

  toState(): UserState {
    return this.#state;
  }

  #endSessions(): void {
    this.#state = { ...this.#state, sessionEpoch: this.#state.sessionEpoch + 1 };
  }

  #happened(now: Date): { projectId: string; userId: string; occurredAt: string } {
    return { projectId: this.#state.projectId, userId: this.#state.id, occurredAt: now.toISOString() };
  }
}
