import { IamError } from '../errors.ts';
import type { InvitationEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import { identifierDoor } from '../kernel/identifier.ts';
import type { ApiKeyId } from '../project/api-key.ts';
import type { ProjectId } from '../project/project.ts';
import type { SecretDigest } from '../session/secret-digest.ts';
import type { EmailAddress } from '../user/email-address.ts';
import type { UserId } from '../user/user.ts';
import type { TenantId } from './tenant.ts';

export type InvitationId = Brand<string, 'InvitationId'>;
export const InvitationId = identifierDoor<InvitationId>();

const LIFE_SECONDS = 72 * 60 * 60;

/** For so long after it expired it can be sent again. */
export const EXPIRED_INVITATION_KEPT_SECONDS = 30 * 24 * 60 * 60;

export interface InvitationState {
  readonly id: InvitationId;
  readonly projectId: ProjectId;
  readonly tenantId: TenantId;
  readonly email: EmailAddress;
  /** Whoever stands in the tenant's lists, with the roles, until somebody accepts. */
  readonly userId: UserId;
  /** Whose grant it is: what they may hand out is looked at again when it is accepted. Either a person or a key. */
  readonly invitedBy: UserId | null;
  readonly invitedByKey: ApiKeyId | null;
  /** Of the token of the latest mail; `null` until the first is sent. */
  readonly digest: SecretDigest | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** An offer to join a tenant, mailed to an address. One a tenant and address. */
export class Invitation extends AggregateRoot<InvitationEvent> {
  #state: InvitationState;

  private constructor(state: InvitationState) {
    super();
    this.#state = state;
  }

  static offer(input: Omit<InvitationState, 'digest' | 'createdAt' | 'expiresAt'>, now: Date): Invitation {
    const invitation = new Invitation({ ...input, digest: null, createdAt: now, expiresAt: expiryFrom(now) });
    invitation.record({ type: 'invitation-offered', ...invitation.#happened(now) });
    return invitation;
  }

  /** For repositories only. */
  static rehydrate(state: InvitationState): Invitation {
    return new Invitation(state);
  }

  get id(): InvitationId {
    return this.#state.id;
  }

  /** Another mail: the older token dies at once, the time begins anew. */
  resend(now: Date): void {
    this.#state = { ...this.#state, digest: null, expiresAt: expiryFrom(now) };
    this.record({ type: 'invitation-offered', ...this.#happened(now) });
  }

  /** The token of the mail that is being sent; an older one dies. */
  carry(digest: SecretDigest): void {
    this.#state = { ...this.#state, digest };
  }

  /** @throws IamError `token-expired` */
  assertFresh(now: Date): void {
    if (this.#state.expiresAt <= now) throw new IamError('token-expired');
  }

  /** The caller removes it. */
  accept(by: UserId, now: Date): void {
    this.record({ type: 'invitation-accepted', ...this.#happened(now), userId: by });
  }

  /** The caller removes it. */
  revoke(now: Date): void {
    this.record({ type: 'invitation-revoked', ...this.#happened(now) });
  }

  toState(): InvitationState {
    return this.#state;
  }

  #happened(now: Date): { projectId: string; tenantId: string; invitationId: string; occurredAt: string } {
    const { projectId, tenantId, id } = this.#state;
    return { projectId, tenantId, invitationId: id, occurredAt: now.toISOString() };
  }
}

function expiryFrom(now: Date): Date {
  return new Date(now.getTime() + LIFE_SECONDS * 1000);
}
