import { IamError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { UnitOfWork } from '../../ports/unit-of-work.ts';
import { type Operator, PLATFORM_PROJECTS, type UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { StepUp } from '../authentication/step-up.ts';

/** Who may look after projects: the owner of the platform, and whoever runs the process. */
export class PlatformAuthority {
  readonly #stepUp: StepUp;
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;

  constructor(deps: { readonly stepUp: StepUp; readonly unitOfWork: UnitOfWork; readonly clock: Clock }) {
    this.#stepUp = deps.stepUp;
    this.#unitOfWork = deps.unitOfWork;
    this.#clock = deps.clock;
  }

  /** A refusal leaves a trace (ASVS 16.3.2). @throws IamError `forbidden` */
  async assert(actor: UserActor | Operator): Promise<void> {
    if ('operator' in actor || actor.permissions.allows(PLATFORM_PROJECTS)) return;
    await this.#refuse(actor, { requiredPermission: PLATFORM_PROJECTS });
  }

  /** For what no permission opens. @throws IamError `forbidden` */
  async assertOperator(actor: UserActor | Operator): Promise<void> {
    if (!('operator' in actor)) await this.#refuse(actor, {});
  }

  async #refuse(actor: UserActor, metadata: { readonly requiredPermission?: string }): Promise<never> {
    const what = { action: 'auth.forbidden', entityType: 'project', entityId: null, metadata } as const;
    await this.#unitOfWork.run(async ({ audit }) => audit.record(audited(actor, what, this.#clock.now())));
    throw new IamError('forbidden', metadata);
  }

  /** For changes: a recent authentication besides. @throws IamError `forbidden`, `reauthentication-required` */
  async assertRecent(actor: UserActor | Operator): Promise<void> {
    await this.assert(actor);
    if (!('operator' in actor)) await this.#stepUp.assert(actor);
  }
}
