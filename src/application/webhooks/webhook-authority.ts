import { IamError } from '../../domain/errors.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Administrator, TenantOperator } from '../actor.ts';
import type { Authority } from '../roles/authority.ts';

/** Whoever looks after what a tenant is told. */
export type WebhookKeeper = Administrator | TenantOperator;

const PERMISSION = 'settings.update';

type WebhookAuthorityDeps = Pick<Ports, 'unitOfWork' | 'userDirectory'> & { readonly authority: Authority };

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

  /**
   * For saying where the tenant is told, and by what secret: somebody without a proven address of their own lets us call
   * on nobody. @throws IamError `forbidden`, `email-not-verified`
   */
  async assertProven(actor: WebhookKeeper): Promise<void> {
    await this.assert(actor);
    if (!('userId' in actor)) return;
    const keeper = await this.#deps.userDirectory.byId(actor.projectId, actor.userId);
    if (keeper?.emailVerifiedAt == null) throw new IamError('email-not-verified');
  }

  /** For changing. @throws IamError `forbidden`, `token-invalid` */
  commit<T>(actor: WebhookKeeper, work: (repositories: Repositories) => Promise<T>): Promise<T> {
    const { authority, unitOfWork } = this.#deps;
    return 'operator' in actor ? unitOfWork.run(work) : authority.commit(actor, PERMISSION, work);
  }
}
