import type { ProjectId } from '../domain/project/project.ts';
import type { TenantId } from '../domain/tenant/tenant.ts';
import type { EventId, PublishedEvent } from '../domain/webhook/public-event.ts';
import type { DeliveryOutcome, WebhookDelivery } from '../domain/webhook/webhook-delivery.ts';
import type { WebhookEndpointState, WebhookId } from '../domain/webhook/webhook-endpoint.ts';
import type { Page, PageRequest } from './directories/page.ts';

/** A delivery that somebody has taken on. */
export interface ClaimedDelivery {
  /** As it stood when the delivery was claimed. */
  readonly endpoint: WebhookEndpointState;
  readonly event: PublishedEvent;
  /** How often it was claimed since it fell due or was asked for again, this time included. */
  readonly attempt: number;
}

export interface ClaimLimits {
  readonly limit: number;
  /** The most of one endpoint that are under a lease at once, whoever claimed them; one while attempts at it fail. */
  readonly perEndpoint: number;
  readonly leaseSeconds: number;
}

/** What is still to be told to which endpoint, at least once. */
export interface WebhookDeliveries {
  /**
   * Those that are due, of endpoints that are switched on, in tenants that are not blocked; what falls due elsewhere is
   * given up, and has failed. Tenants take turns, and what one has under a lease counts as turns it has had: a tenant
   * with nothing under a lease MUST come before any that has something, however many endpoints and however long a backlog
   * that one has. Then one of each endpoint before the second of any, so that none holds up another; then the longest
   * due. Where more than a thousand endpoints have something waiting, that holds among a thousand of them, and the
   * thousands MUST take turns: a claim costs no more, however many there are. A claimed one is nobody else's until
   * `leaseSeconds` have passed. Of N claimers at once, some may get none: they come again. MUST be cheap when nothing is
   * due.
   */
  claim(limits: ClaimLimits, now: Date): Promise<readonly ClaimedDelivery[]>;
  /**
   * What the attempt has come to, and since when every attempt at the endpoint, where it is now, has failed. Does nothing
   * once the delivery was claimed, given up or asked for again after this claim.
   */
  settle(claimed: ClaimedDelivery, outcome: DeliveryOutcome, now: Date): Promise<void>;
  /** Newest event first. */
  page(
    projectId: ProjectId,
    tenantId: TenantId,
    webhookId: WebhookId,
    request: PageRequest<EventId>,
  ): Promise<Page<WebhookDelivery>>;
}
