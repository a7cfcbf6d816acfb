import type { Ports } from '../../ports/ports.ts';
import type { ClaimedDelivery } from '../../ports/webhook-deliveries.ts';

/** So many at once of one endpoint, and so one that hangs holds up no other. */
const PER_ENDPOINT = 4;
/** Longer than an attempt can take, from the claim to what has become of it. */
const LEASE_SECONDS = 60;

/** What is to be delivered now. */
export class ClaimDeliveries {
  readonly #deps: Pick<Ports, 'webhookDeliveries' | 'clock'>;
  constructor(deps: Pick<Ports, 'webhookDeliveries' | 'clock'>) {
    this.#deps = deps;
  }

  /** At most `limit`, each for `DeliverWebhook` at once. None: nothing is due, or somebody else is claiming. */
  async execute(limit: number): Promise<readonly ClaimedDelivery[]> {
    const { webhookDeliveries, clock } = this.#deps;
    return webhookDeliveries.claim({ limit, perEndpoint: PER_ENDPOINT, leaseSeconds: LEASE_SECONDS }, clock.now());
  }
}
