import type { ProviderLinkEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import { identifierDoor } from '../kernel/identifier.ts';
import type { ProviderId } from '../project/auth-provider.ts';
import type { ProjectId } from '../project/project.ts';
import type { UserId } from './user.ts';

export type ProviderLinkId = Brand<string, 'ProviderLinkId'>;
export const ProviderLinkId = identifierDoor<ProviderLinkId>();

export interface ProviderLinkState {
  readonly id: ProviderLinkId;
  readonly projectId: ProjectId;
  readonly userId: UserId;
  readonly providerId: ProviderId;
  /** What the provider calls the person, for ever: its subject, never an address (ASVS 6.8.1). */
  readonly externalId: string;
  /** As the provider said when it was linked; proves nothing here. */
  readonly email: string | null;
  readonly displayName: string | null;
  readonly linkedAt: Date;
}

/** An identity elsewhere that signs a user in. One of each provider a user; one user of each identity. */
export class ProviderLink extends AggregateRoot<ProviderLinkEvent> {
  readonly #state: ProviderLinkState;

  private constructor(state: ProviderLinkState) {
    super();
    this.#state = state;
  }

  /** `added`: to an account that there was before, whose person is told. */
  static link(
    { added, ...input }: Omit<ProviderLinkState, 'linkedAt'> & { readonly added: boolean },
    now: Date,
  ): ProviderLink {
    const link = new ProviderLink({ ...input, linkedAt: now });
    if (added) link.record({ type: 'provider-linked', ...link.#happened(now) });
    return link;
  }

  /** For repositories only. */
  static rehydrate(state: ProviderLinkState): ProviderLink {
    return new ProviderLink(state);
  }

  unlink(now: Date): void {
    this.record({ type: 'provider-unlinked', ...this.#happened(now) });
  }

  get id(): ProviderLinkId {
    return this.#state.id;
  }

  toState(): ProviderLinkState {
    return this.#state;
  }

  #happened(now: Date): { projectId: string; userId: string; providerId: string; occurredAt: string } {
    const { projectId, userId, providerId } = this.#state;
    return { projectId, userId, providerId, occurredAt: now.toISOString() };
  }
}
