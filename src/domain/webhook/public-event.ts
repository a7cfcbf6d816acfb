import type { Brand } from '../kernel/brand.ts';
import { identifierDoor } from '../kernel/identifier.ts';
import type { ProjectId } from '../project/project.ts';
import type { TenantId } from '../tenant/tenant.ts';

export type EventId = Brand<string, 'EventId'>;
export const EventId = identifierDoor<EventId>();

export type EventSubjectKind =
  | 'project'
  | 'api-key'
  | 'signing-key'
  | 'provider'
  | 'module'
  | 'tenant'
  | 'membership'
  | 'invitation'
  | 'role'
  | 'user'
  | 'webhook';

/** What an event happened to. A session, a factor, codes and links are their person's. */
export interface EventSubject {
  readonly kind: EventSubjectKind;
  readonly id: string;
}

/** Ids, names of kinds and choices: never a secret, and never an address. */
export type EventData = Readonly<Record<string, string | boolean | null>>;

/** Something that happened, under the name by which the world knows it. */
export interface PublicEvent {
  readonly projectId: ProjectId;
  /** `null` for what is of no tenant: accounts, keys, settings of the project. */
  readonly tenantId: TenantId | null;
  readonly type: string;
  readonly subject: EventSubject;
  readonly data: EventData;
  readonly occurredAt: Date;
}

/** As it is delivered and read: told to one tenant, to the root tenant of its project where it is of none. */
export interface PublishedEvent extends PublicEvent {
  /** The same wherever and however often it is told. */
  readonly id: EventId;
  /**
   * 1, 2, 3 … of what that tenant is told of the subject, without a gap, in the order in which it happened. After a
   * restore from a backup every subject goes on, or begins, a million higher.
   */
  readonly sequence: number;
}

/** The body of a delivery (Standard Webhooks, "Payload structure"). */
export function bodyOf({ type, occurredAt, data, sequence, subject }: PublishedEvent): string {
  return JSON.stringify({ type, timestamp: occurredAt.toISOString(), data, sequence, subject });
}
