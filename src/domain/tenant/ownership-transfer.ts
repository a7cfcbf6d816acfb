import { IamError } from '../errors.ts';
import type { OwnershipTransferEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import type { ProjectId } from '../project/project.ts';
import type { UserId } from '../user/user.ts';
import type { TenantId } from './tenant.ts';

export type OwnershipTransferId = Brand<string, 'OwnershipTransferId'>;

const LIFE_SECONDS = 72 * 60 * 60;

export interface OwnershipTransferState {
  readonly id: OwnershipTransferId;
  readonly projectId: ProjectId;
  readonly tenantId: TenantId;
  readonly ownerId: UserId;
  readonly newOwnerId: UserId;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** The owner offers a tenant to another member. One a tenant; a new one may take the place of one that has expired. */
export class OwnershipTransfer extends AggregateRoot<OwnershipTransferEvent> {
  readonly #state: OwnershipTransferState;

  private constructor(state: OwnershipTransferState) {
    super();
    this.#state = state;
  }

  static offer(input: Omit<OwnershipTransferState, 'createdAt' | 'expiresAt'>, now: Date): OwnershipTransfer {
    const expiresAt = new Date(now.getTime() + LIFE_SECONDS * 1000);
    const transfer = new OwnershipTransfer({ ...input, createdAt: now, expiresAt });
    transfer.record({ type: 'transfer-offered', ...transfer.#happened(now) });
    return transfer;
  }

  /** For repositories only. */
  static rehydrate(state: OwnershipTransferState): OwnershipTransfer {
    return new OwnershipTransfer(state);
  }

  isPending(now: Date): boolean {
    return this.#state.expiresAt > now;
  }

  /** The caller removes it. @throws IamError `not-found` for anybody but the new owner, or when it has expired */
  accept(by: UserId, now: Date): void {
    if (by !== this.#state.newOwnerId || !this.isPending(now)) throw new IamError('not-found');
    this.record({ type: 'transfer-accepted', ...this.#happened(now) });
  }

  /** The caller removes it. @throws IamError `not-found` for anybody but the two, or when it has expired */
  cancel(by: UserId, now: Date): void {
    const { ownerId, newOwnerId } = this.#state;
    if (!(by === ownerId || by === newOwnerId) || !this.isPending(now)) throw new IamError('not-found');
    this.record({ type: 'transfer-cancelled', ...this.#happened(now) });
  }

  /** One of the two is out of use. The caller removes it. */
  lapse(now: Date): void {
    this.record({ type: 'transfer-cancelled', ...this.#happened(now) });
  }

  toState(): OwnershipTransferState {
    return this.#state;
  }

  #happened(now: Date) {
    const { projectId, tenantId, ownerId, newOwnerId } = this.#state;
    return { projectId, tenantId, ownerId, newOwnerId, occurredAt: now.toISOString() } as const;
  }
}
