import type { EventOf, IamEvent, IamEventType } from '../events.ts';
import type { ProjectId } from '../project/project.ts';
import type { TenantId } from '../tenant/tenant.ts';
import type { EventSubject, EventSubjectKind, PublicEvent } from './public-event.ts';

/** The fields of an event that may be told: what is not named here stays inside. */
type Tellable<Event> = Exclude<keyof Event, 'type' | 'occurredAt' | 'email' | 'newEmail' | 'oldEmail' | 'account'> &
  string;

interface Telling<Event> {
  readonly name: `${string}.${string}`;
  readonly subject: readonly [kind: EventSubjectKind, ...id: Tellable<Event>[]];
  readonly data: readonly Tellable<Event>[];
}

const member = { subject: ['membership', 'tenantId', 'userId'], data: ['tenantId', 'userId'] } as const;
const session = { subject: ['user', 'userId'], data: ['userId', 'tenantId', 'sessionId'] } as const;
const user = { subject: ['user', 'userId'], data: ['userId'] } as const;
const link = { subject: ['user', 'userId'], data: ['userId', 'providerId'] } as const;
const tenant = { subject: ['tenant', 'tenantId'], data: ['tenantId'] } as const;
const transfer = { subject: ['tenant', 'tenantId'], data: ['tenantId', 'ownerId', 'newOwnerId'] } as const;
const invitation = { subject: ['invitation', 'invitationId'], data: ['tenantId', 'invitationId'] } as const;
const role = { subject: ['role', 'roleId'], data: ['tenantId', 'roleId'] } as const;
const project = { subject: ['project', 'projectId'], data: ['projectId'] } as const;
const apiKey = { subject: ['api-key', 'apiKeyId'], data: ['apiKeyId'] } as const;
const signingKey = { subject: ['signing-key', 'kid'], data: ['kid'] } as const;
const provider = { subject: ['provider', 'providerId'], data: ['providerId'] } as const;
const module = { subject: ['module', 'module'], data: ['module'] } as const;
const webhook = { subject: ['webhook', 'webhookId'], data: ['tenantId', 'webhookId'] } as const;

/** What the world is told of what happens, and by which name; `null`: nothing. A new event does not compile without a line. */
const TELLINGS = {
  'project-created': { name: 'project.created', ...project },
  'project-changed': { name: 'project.updated', ...project },
  'api-key-created': { name: 'api-key.created', ...apiKey },
  'api-key-revoked': { name: 'api-key.revoked', ...apiKey },
  'signing-key-activated': { name: 'signing-key.activated', ...signingKey },
  'signing-key-superseded': { name: 'signing-key.superseded', ...signingKey },
  'signing-key-removed': { name: 'signing-key.removed', ...signingKey },
  'auth-provider-configured': { name: 'provider.configured', ...provider },
  'auth-provider-changed': { name: 'provider.updated', ...provider },
  'auth-provider-removed': { name: 'provider.removed', ...provider },
  'module-installed': { name: 'module.installed', ...module },
  'module-uninstalled': { name: 'module.uninstalled', ...module },
  'tenant-created': { name: 'tenant.created', ...tenant, data: ['tenantId', 'ownerId'] },
  'tenant-changed': { name: 'tenant.updated', ...tenant },
  'tenant-blocked': { name: 'tenant.blocked', ...tenant },
  'tenant-unblocked': { name: 'tenant.unblocked', ...tenant },
  'tenant-transferred': {
    name: 'tenant.transferred',
    ...tenant,
    data: ['tenantId', 'ownerId', 'previousOwnerId'],
  },
  'transfer-offered': { name: 'tenant.transfer.offered', ...transfer },
  'transfer-accepted': { name: 'tenant.transfer.accepted', ...transfer },
  'transfer-cancelled': { name: 'tenant.transfer.cancelled', ...transfer },
  'member-joined': { name: 'membership.joined', ...member },
  'member-roles-changed': { name: 'membership.roles-changed', ...member },
  'member-disabled': { name: 'membership.disabled', ...member },
  'member-enabled': { name: 'membership.enabled', ...member },
  'member-removed': { name: 'membership.removed', ...member },
  'invitation-offered': { name: 'invitation.offered', ...invitation },
  'invitation-revoked': { name: 'invitation.revoked', ...invitation },
  'invitation-accepted': {
    name: 'invitation.accepted',
    ...invitation,
    data: ['tenantId', 'invitationId', 'userId'],
  },
  'role-created': { name: 'role.created', ...role },
  'role-changed': { name: 'role.updated', ...role },
  'role-deleted': { name: 'role.deleted', ...role },
  'user-registered': { name: 'user.registered', ...user, data: ['userId', 'dialect'] },
  'user-imported': { name: 'user.imported', ...user },
  'user-invited': { name: 'user.invited', ...user },
  'user-disabled': { name: 'user.disabled', ...user },
  'user-enabled': { name: 'user.enabled', ...user },
  'user-locked': { name: 'user.locked', ...user },
  'user-unlocked': { name: 'user.unlocked', ...user },
  'user-deleted': { name: 'user.deleted', ...user },
  'user-restored': { name: 'user.restored', ...user },
  'user-removed': { name: 'user.removed', ...user },
  'profile-changed': { name: 'user.profile.updated', ...user },
  'email-verified': { name: 'user.email.verified', ...user },
  'email-change-requested': { name: 'user.email.change-requested', ...user },
  'email-changed': { name: 'user.email.changed', ...user },
  'password-changed': { name: 'user.password.changed', ...user },
  'password-reset': { name: 'user.password.reset', ...user },
  'mfa-setup-started': { name: 'user.mfa.setup-started', ...user },
  'mfa-enabled': { name: 'user.mfa.enabled', ...user },
  'mfa-disabled': { name: 'user.mfa.disabled', ...user },
  'recovery-codes-regenerated': { name: 'user.recovery-codes.regenerated', ...user },
  'account-recovered': { name: 'user.recovered', ...user },
  'provider-linked': { name: 'user.provider.linked', ...link },
  'provider-unlinked': { name: 'user.provider.unlinked', ...link },
  'session-opened': { name: 'session.opened', ...session, data: [...session.data, 'clientId'] },
  'session-ended': { name: 'session.ended', ...session },
  'refresh-token-reused': { name: 'session.token-reused', ...session },
  'webhook-created': { name: 'webhook.created', ...webhook },
  'webhook-changed': { name: 'webhook.updated', ...webhook },
  'webhook-removed': { name: 'webhook.removed', ...webhook },
  'webhook-secret-rotated': { name: 'webhook.secret-rotated', ...webhook },
  'webhook-disabled': { name: 'webhook.disabled', ...webhook, data: [...webhook.data, 'reason'] },
  // Asked for by an address, which may be nobody's; or told to people for whom somebody else matters.
  'password-reset-requested': null,
  'email-verification-requested': null,
  'sign-in-attempts-mounting': null,
  'recovery-locked': null,
  'recovery-alarm': null,
} as const satisfies { readonly [Type in IamEventType]: Telling<EventOf<Type>> | null };

/** Every name that an event is told by. */
export const PUBLIC_EVENT_TYPES: readonly string[] = Object.values(TELLINGS).flatMap((telling) => telling?.name ?? []);

/** What the world is told of it; `undefined`: nothing. */
export function publicEventOf(event: IamEvent): PublicEvent | undefined {
  const telling: Telling<Fields> | null = TELLINGS[event.type];
  if (telling === null) return undefined;
  const fields = event as unknown as Fields;
  const [kind, ...id] = telling.subject;
  return {
    projectId: event.projectId as ProjectId,
    tenantId: 'tenantId' in event ? (event.tenantId as TenantId) : null,
    type: telling.name,
    subject: subjectOf(kind, id, fields),
    data: Object.fromEntries(telling.data.map((name) => [name, fields[name] ?? null])),
    occurredAt: new Date(event.occurredAt),
  };
}

type Fields = Readonly<Record<string, string | null>>;

function subjectOf(kind: EventSubjectKind, id: readonly string[], fields: Fields): EventSubject {
  return { kind, id: id.map((name) => fields[name]).join(':') };
}
