import { IamError } from '../errors.ts';
import type { Dialect, RefreshTokenEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import { identifierDoor } from '../kernel/identifier.ts';
import type { ProjectId } from '../project/project.ts';
import type { ProjectSettings } from '../project/project-settings.ts';
import type { TenantId } from '../tenant/tenant.ts';
import type { UserId } from '../user/user.ts';

export type SessionId = Brand<string, 'SessionId'>;
export const SessionId = identifierDoor<SessionId>();

/** How often a session has been refreshed; the one token of a generation follows from it. */
export type Generation = Brand<number, 'Generation'>;

/** Random per session, part of what the MAC of its tokens covers. Base64url. */
export type SessionNonce = Brand<string, 'SessionNonce'>;

/** Authentication methods (RFC 8176): `pwd`, `otp`, `mfa`, … */
export type AuthenticationMethod = 'pwd' | 'otp' | 'mfa' | 'recovery' | 'ext';

export type SessionEnd = 'logout' | 'ended-by-user' | 'reuse-detected' | 'switched-tenant' | 'membership-ended';

export interface RefreshTokenState {
  readonly id: SessionId;
  readonly projectId: ProjectId;
  readonly tenantId: TenantId;
  readonly userId: UserId;
  /** The dialect that opened the session: only there is it refreshed and ended. */
  readonly clientId: Dialect;
  readonly generation: Generation;
  readonly nonce: SessionNonce;
  /** The user's `sessionEpoch` when the session was opened. */
  readonly epoch: number;
  /** Somebody else acts as the user; `epoch`: theirs then, so that what ends their sessions ends this one. */
  readonly impersonator: Impersonator | null;
  readonly amr: readonly AuthenticationMethod[];
  /** When the person last showed all their factors. */
  readonly authenticatedAt: Date;
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly createdAt: Date;
  /** When the present generation was made. */
  readonly rotatedAt: Date;
  readonly idleExpiresAt: Date;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
  readonly endedBy: SessionEnd | null;
}

export interface Impersonator {
  readonly userId: UserId;
  readonly epoch: number;
}

/** What a session is opened with. */
export type Grant = Pick<
  RefreshTokenState,
  | 'id'
  | 'projectId'
  | 'tenantId'
  | 'userId'
  | 'clientId'
  | 'nonce'
  | 'epoch'
  | 'impersonator'
  | 'amr'
  | 'authenticatedAt'
  | 'address'
  | 'userAgent'
>;

type Lifetimes = Pick<ProjectSettings, 'refreshIdleTtlSeconds' | 'refreshAbsoluteTtlSeconds' | 'refreshGraceSeconds'>;

/**
 * `rotated`: the presented token is dead, its successor lives. `repeated`: the same successor once more (grace).
 * `race`: refused, and nothing else happens. `reuse-detected`: refused, and the session has ended.
 */
export type Rotation = { readonly kind: 'rotated' | 'repeated' | 'race' | 'reuse-detected' };

/** In all, however often it is refreshed. */
const IMPERSONATION_SECONDS = 60 * 60;

/** The second use of a token within this time is two tabs or a lost answer, not a thief. */
const RACE_WINDOW_SECONDS = 10;

/** One signed-in session: a token family (RFC 9700 §4.14.2), one row however often it is refreshed. */
export class RefreshToken extends AggregateRoot<RefreshTokenEvent> {
  #state: RefreshTokenState;

  private constructor(state: RefreshTokenState) {
    super();
    this.#state = state;
  }

  static issue(grant: Grant, lifetimes: Lifetimes, now: Date): RefreshToken {
    const { refreshAbsoluteTtlSeconds: life } = lifetimes;
    const expiresAt = after(now, grant.impersonator === null ? life : Math.min(life, IMPERSONATION_SECONDS));
    const session = new RefreshToken({
      ...grant,
      generation: 0 as Generation,
      createdAt: now,
      rotatedAt: now,
      idleExpiresAt: earlier(after(now, lifetimes.refreshIdleTtlSeconds), expiresAt),
      expiresAt,
      endedAt: null,
      endedBy: null,
    });
    session.record({ type: 'session-opened', clientId: grant.clientId, ...session.#happened(now) });
    return session;
  }

  /** For repositories only. */
  static rehydrate(state: RefreshTokenState): RefreshToken {
    return new RefreshToken(state);
  }

  get id(): SessionId {
    return this.#state.id;
  }

  /**
   * A spent token coming back is a theft signal: an outcome to commit, not an error to throw.
   * @throws IamError `token-invalid` when the session has ended or `presented` was never made, `token-expired`
   */
  rotate(presented: Generation, lifetimes: Lifetimes, now: Date): Rotation {
    if (this.#state.endedAt !== null || presented > this.#state.generation) throw new IamError('token-invalid');
    if (this.#state.idleExpiresAt <= now || this.#state.expiresAt <= now) throw new IamError('token-expired');
    if (presented !== this.#state.generation) return this.#replayed(presented, this.#graceSeconds(lifetimes), now);
    this.#state = {
      ...this.#state,
      generation: (presented + 1) as Generation,
      rotatedAt: now,
      idleExpiresAt: earlier(after(now, lifetimes.refreshIdleTtlSeconds), this.#state.expiresAt),
    };
    return { kind: 'rotated' };
  }

  /** The v1 API promises the same pair to the tabs of one client, whatever a project sets for its back ends. */
  #graceSeconds({ refreshGraceSeconds }: Lifetimes): number {
    return this.#state.clientId === 'v1' ? Math.max(refreshGraceSeconds, RACE_WINDOW_SECONDS) : refreshGraceSeconds;
  }

  #replayed(presented: Generation, graceSeconds: number, now: Date): Rotation {
    const successorUnused = presented === this.#state.generation - 1;
    const window = graceSeconds > 0 ? graceSeconds : RACE_WINDOW_SECONDS;
    if (successorUnused && now <= after(this.#state.rotatedAt, window)) {
      return { kind: graceSeconds > 0 ? 'repeated' : 'race' };
    }
    this.#close('reuse-detected', now);
    this.record({ type: 'refresh-token-reused', ...this.#happened(now) });
    return { kind: 'reuse-detected' };
  }

  /** All factors were shown again. */
  reauthenticated(amr: readonly AuthenticationMethod[], now: Date): void {
    this.#state = { ...this.#state, amr, authenticatedAt: now };
  }

  /** A further factor was shown: the authentication as a whole is as old as it was. */
  strengthened(amr: readonly AuthenticationMethod[]): void {
    this.#state = { ...this.#state, amr };
  }

  /** Survives the end of the person's other sessions. */
  carryOver(epoch: number): void {
    this.#state = { ...this.#state, epoch };
  }

  /** Idempotent. */
  end(by: SessionEnd, now: Date): void {
    if (this.#state.endedAt !== null) return;
    this.#close(by, now);
    this.record({ type: 'session-ended', ...this.#happened(now) });
  }

  toState(): RefreshTokenState {
    return this.#state;
  }

  #close(by: SessionEnd, now: Date): void {
    this.#state = { ...this.#state, endedAt: now, endedBy: by };
  }

  #happened(now: Date): { projectId: string; userId: string; tenantId: string; sessionId: string; occurredAt: string } {
    const { projectId, userId, tenantId, id } = this.#state;
    return { projectId, userId, tenantId, sessionId: id, occurredAt: now.toISOString() };
  }
}

/** Whether a session opens anything at `now`, given the epoch of its user. */
export function isAlive(
  session: Pick<RefreshTokenState, 'endedAt' | 'idleExpiresAt' | 'expiresAt' | 'epoch'>,
  userEpoch: number,
  now: Date,
): boolean {
  return session.endedAt === null && session.epoch === userEpoch && isUnexpired(session, now);
}

/** Whether its time is not up, however it stands otherwise. */
export function isUnexpired(session: Pick<RefreshTokenState, 'idleExpiresAt' | 'expiresAt'>, now: Date): boolean {
  return session.idleExpiresAt > now && session.expiresAt > now;
}

/**
 * Whether somebody acts in it for another, and nobody has written down yet that this is over: what ends a place ends
 * its sessions without looking at each.
 */
export function awaitsRecord({ impersonator, endedBy }: Pick<RefreshTokenState, 'impersonator' | 'endedBy'>): boolean {
  return impersonator !== null && (endedBy === null || endedBy === 'membership-ended');
}

function after(start: Date, seconds: number): Date {
  return new Date(start.getTime() + seconds * 1000);
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
