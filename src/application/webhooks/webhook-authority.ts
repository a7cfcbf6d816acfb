import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Administrator, TenantOperator } from '../actor.ts';
import type { Authority } from '../roles/authority.ts';

/** Whoever looks after what a tenant is told. */
export type WebhookKeeper = Administrator | TenantOperator;

const PERMISSION = 'settings.update';

type WebhookAuthorityDeps = Pick<Ports, 'unitOfWork'> & { readonly authority: Authority };

/** Asks for the permission, except of whoever runs the process. */
export class WebhookAuthority {
  readonly #deps: WebhookAuthorityDeps;
  constructor(deps: WebhookAuthorityDeps) {
    this.#deps = deps;
  }

  /** For looking. @throws IamError `forbidden` */
  async assert(actor: WebhookKeeper): Promise<void> {
    if (!('operator' in actor)) await this.#deps.authority.assert(actor, PERMISSION);
  }

  /** For changing. @throws IamError `forbidden`, `token-invalid` */
  commit<T>(actor: WebhookKeeper, work: (repositories: Repositories) => Promise<T>): Promise<T> {
    const { authority, unitOfWork } = this.#deps;
    return 'operator' in actor ? unitOfWork.run(work) : authority.commit(actor, PERMISSION, work);
  }
}
