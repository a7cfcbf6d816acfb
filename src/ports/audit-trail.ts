import type { ProjectId } from '../domain/project/project.ts';
import type { TenantId } from '../domain/tenant/tenant.ts';

export type AuditAction =
  | 'auth.registered'
  | 'auth.login.succeeded'
  | 'auth.login.failed'
  | 'auth.code.failed'
  | 'auth.logout'
  | 'auth.reauthenticated'
  | 'auth.refresh-token.reused'
  | 'auth.session.ended'
  | 'auth.sessions.ended'
  | 'auth.tenant.selected'
  | 'auth.tenant.switched'
  | 'auth.password.changed'
  | 'auth.password.reset'
  | 'auth.password-reset.requested'
  | 'auth.mfa.setup-started'
  | 'auth.mfa.enabled'
  | 'auth.mfa.disabled'
  | 'auth.mfa.required'
  | 'auth.mfa.failed'
  | 'auth.recovery.succeeded'
  | 'auth.recovery.failed'
  | 'auth.recovery-codes.regenerated'
  | 'auth.email.verified'
  | 'auth.email-verification.requested'
  | 'auth.email-change.requested'
  | 'auth.email.changed'
  | 'auth.account.disowned'
  | 'auth.account.reclaimed'
  | 'auth.provider.linked'
  | 'auth.provider.unlinked'
  | 'auth.provider.refused'
  | 'provider.configured'
  | 'provider.updated'
  | 'provider.removed'
  | 'auth.forbidden'
  | 'auth.impersonation.started'
  | 'auth.impersonation.refused'
  | 'auth.impersonation.ended'
  | 'user.profile.updated'
  | 'user.invited'
  | 'user.imported'
  | 'user.updated'
  | 'user.disabled'
  | 'user.enabled'
  | 'user.deleted'
  | 'user.restored'
  | 'users.export.started'
  | 'users.exported'
  | 'user.role.assigned'
  | 'user.role.unassigned'
  | 'invitation.resent'
  | 'invitation.revoked'
  | 'invitation.accepted'
  | 'role.created'
  | 'role.updated'
  | 'role.deleted'
  | 'module.installed'
  | 'module.uninstalled'
  | 'user.locked'
  | 'user.unlocked'
  | 'tenant.created'
  | 'tenant.joined'
  | 'tenant.updated'
  | 'tenant.blocked'
  | 'tenant.unblocked'
  | 'tenant.transfer.offered'
  | 'tenant.transfer.cancelled'
  | 'tenant.transferred'
  | 'project.created'
  | 'project.updated'
  | 'api-key.created'
  | 'api-key.revoked'
  | 'signing-key.prepared'
  | 'signing-key.rotated'
  | 'signing-key.removed'
  | 'webhook.created'
  | 'webhook.updated'
  | 'webhook.removed'
  | 'webhook.secret-rotated'
  | 'webhook.redelivered'
  | 'webhook.disabled'
  | 'audit.exported'
  | 'audit.erased'
  | 'platform.installed'
  | 'platform.restored';

/** Who did what to what, from where. Never a secret, hash or token. */
export interface AuditEntry {
  readonly projectId: ProjectId;
  readonly tenantId: TenantId | null;
  readonly action: AuditAction;
  readonly entityType:
    | 'user'
    | 'session'
    | 'tenant'
    | 'role'
    | 'module'
    | 'invitation'
    | 'project'
    | 'api-key'
    | 'provider'
    | 'signing-key'
    | 'webhook';
  readonly entityId: string | null;
  /** The person it happened to. */
  readonly userId: string | null;
  /** The person or key that did it. */
  readonly actorId: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly timestamp: Date;
}

/**
 * Part of a unit of work: the record is there if and only if the change is, and MUST be kept as `attested` makes it.
 */
export interface AuditTrail {
  record(entry: AuditEntry): void;
}
