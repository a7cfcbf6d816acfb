import { IamError, type IamErrorCode } from '../../domain/errors.ts';
import type { AuthorizationRequestState } from '../../domain/session/authorization-request.ts';
import type { Clock } from '../../ports/clock.ts';
import type { UnitOfWork } from '../../ports/unit-of-work.ts';
import type { UserActor, Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';

/** What is written down elsewhere, or says nothing about anybody. */
const NO_REFUSAL: readonly IamErrorCode[] = ['mfa-required', 'unavailable', 'overloaded', 'conflict'];

/** Whoever comes back from a provider and is refused leaves a trace (ASVS 16.3.1). */
export class RefusalTrace {
  readonly #unitOfWork: UnitOfWork;
  readonly #clock: Clock;

  constructor(deps: { readonly unitOfWork: UnitOfWork; readonly clock: Clock }) {
    this.#unitOfWork = deps.unitOfWork;
    this.#clock = deps.clock;
  }

  /** Answers and throws as `work` does. */
  async of<T>(
    by: Visitor | UserActor,
    { providerId, intent, userId }: AuthorizationRequestState,
    work: () => Promise<T>,
  ): Promise<T> {
    try {
      return await work();
    } catch (refusal) {
      if (!(refusal instanceof IamError) || NO_REFUSAL.includes(refusal.code)) throw refusal;
      const metadata = { providerId, intent, reason: refusal.code };
      const what = { action: 'auth.provider.refused', entityType: 'user', entityId: userId, userId, metadata } as const;
      await this.#unitOfWork.run(async ({ audit }) => audit.record(audited(by, what, this.#clock.now())));
      throw refusal;
    }
  }
}
