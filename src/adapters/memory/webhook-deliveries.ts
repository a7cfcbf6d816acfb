import type { ProjectId } from '../../domain/project/project.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { EventId } from '../../domain/webhook/public-event.ts';
import { type DeliveryOutcome, GIVEN_UP, type WebhookDelivery } from '../../domain/webhook/webhook-delivery.ts';
import type { WebhookEndpointState, WebhookId } from '../../domain/webhook/webhook-endpoint.ts';
import type { Page, PageRequest } from '../../ports/directories/page.ts';
import type { ClaimedDelivery, ClaimLimits, WebhookDeliveries } from '../../ports/webhook-deliveries.ts';
import { type DeliveryRow, type MemoryStore, scoped } from './store.ts';

export class MemoryWebhookDeliveries implements WebhookDeliveries {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  async claim({ limit, perEndpoint, leaseSeconds }: ClaimLimits, now: Date): Promise<readonly ClaimedDelivery[]> {
    const underLease = new Map<string, number>();
    const due: { readonly row: DeliveryRow; readonly turn: number }[] = [];
    for (const [key, endpoint] of this.#store.webhookEndpoints.entries()) {
      const rows = this.#store.webhookDeliveries.ofGroup('webhook', key);
      const leased = rows.filter(({ leasedUntil }) => leasedUntil !== null && leasedUntil > now).length;
      underLease.set(tenantOf(endpoint), (underLease.get(tenantOf(endpoint)) ?? 0) + leased);
      const room = (endpoint.failingSince === null ? perEndpoint : 1) - leased;
      if (this.#isOpen(endpoint)) due.push(...dueOf(rows, room, now).map((row, turn) => ({ row, turn })));
      else for (const row of dueOf(rows, rows.length, now)) this.#giveUp(row);
    }
    const byTurn = due
      .sort((a, b) => a.turn - b.turn || longestDueFirst(a.row, b.row))
      .map(({ row }) => {
        const tenantTurn = underLease.get(tenantOf(row)) ?? 0;
        underLease.set(tenantOf(row), tenantTurn + 1);
        return { row, tenantTurn };
      });
    // The endpoint's turn and the age stay as they are within the tenant's turn.
    const next = byTurn.sort((a, b) => a.tenantTurn - b.tenantTurn).slice(0, limit);
    const leasedUntil = new Date(now.getTime() + leaseSeconds * 1000);
    return next.flatMap(({ row }) => this.#claimed(row, now, leasedUntil));
  }

  async settle({ endpoint, event, attempt }: ClaimedDelivery, outcome: DeliveryOutcome, now: Date): Promise<void> {
    const { webhookEndpoints, webhookDeliveries } = this.#store;
    const row = webhookDeliveries.get(scoped(endpoint.projectId, endpoint.tenantId, endpoint.id, event.id));
    if (row === undefined || row.leasedUntil === null || row.attempts !== attempt) return;
    webhookDeliveries.put({ ...row, ...outcome, leasedUntil: null }, this.#store.nextVersion());
    const present = webhookEndpoints.get(webhookEndpoints.keyOf(endpoint));
    const fails = outcome.status !== 'delivered';
    if (present?.url !== endpoint.url || fails === (present.failingSince !== null)) return;
    webhookEndpoints.put({ ...present, failingSince: fails ? now : null }, this.#store.nextVersion());
  }

  async page(
    projectId: ProjectId,
    tenantId: TenantId,
    webhookId: WebhookId,
    { after, limit }: PageRequest<EventId>,
  ): Promise<Page<WebhookDelivery>> {
    const rest = this.#store.webhookDeliveries
      .ofGroup('webhook', scoped(projectId, tenantId, webhookId))
      .filter(({ eventId }) => after === undefined || eventId < after)
      .sort((a, b) => (a.eventId < b.eventId ? 1 : -1));
    return { items: rest.slice(0, limit).flatMap((row) => this.#shown(row)), hasMore: rest.length > limit };
  }

  #isOpen({ projectId, tenantId, enabled }: WebhookEndpointState): boolean {
    return enabled && this.#store.tenants.get(scoped(projectId, tenantId))?.blockedAt === null;
  }

  #giveUp(row: DeliveryRow): void {
    const failed = { status: 'failed', nextAttemptAt: null, leasedUntil: null, lastStatus: null } as const;
    this.#store.webhookDeliveries.put({ ...row, ...failed, lastError: GIVEN_UP }, this.#store.nextVersion());
  }

  #claimed(row: DeliveryRow, now: Date, leasedUntil: Date): readonly ClaimedDelivery[] {
    const { webhookEndpoints, webhookDeliveries, events } = this.#store;
    const endpoint = webhookEndpoints.get(scoped(row.projectId, row.tenantId, row.webhookId));
    const told = events.published.get(row.eventId);
    if (endpoint === undefined || told === undefined) return [];
    const attempt = row.attempts + 1;
    const leased = { ...row, attempts: attempt, lastAttemptAt: now, nextAttemptAt: leasedUntil, leasedUntil };
    webhookDeliveries.put(leased, this.#store.nextVersion());
    return [{ endpoint, event: structuredClone(told.event), attempt }];
  }

  #shown({
    projectId: _,
    tenantId: _tenant,
    webhookId: _webhook,
    leasedUntil: _lease,
    ...row
  }: DeliveryRow): readonly WebhookDelivery[] {
    const told = this.#store.events.published.get(row.eventId);
    return told === undefined ? [] : [{ ...row, type: told.event.type }];
  }
}

/** As many as there is room for, the longest due first. */
function dueOf(rows: readonly DeliveryRow[], room: number, now: Date): readonly DeliveryRow[] {
  return rows
    .filter(({ nextAttemptAt }) => nextAttemptAt !== null && nextAttemptAt <= now)
    .sort(longestDueFirst)
    .slice(0, Math.max(room, 0));
}

function longestDueFirst(a: DeliveryRow, b: DeliveryRow): number {
  return timeOf(a) - timeOf(b) || (a.eventId < b.eventId ? -1 : 1);
}

function tenantOf({ projectId, tenantId }: Pick<DeliveryRow, 'projectId' | 'tenantId'>): string {
  return scoped(projectId, tenantId);
}

function timeOf({ nextAttemptAt }: DeliveryRow): number {
  return nextAttemptAt?.getTime() ?? Number.POSITIVE_INFINITY;
}
