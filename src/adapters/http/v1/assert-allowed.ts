import type { KeyActor, UserActor } from '../../../application/actor.ts';
import { IamError } from '../../../domain/errors.ts';

/**
 * For answers that are repeated without asking a use case: whoever asks must still be somebody who could do it.
 * @throws IamError `forbidden`
 */
export function assertAllowed(actor: UserActor | KeyActor, requiredPermission?: string): void {
  if ('apiKeyId' in actor) return;
  if (requiredPermission !== undefined && !actor.permissions.allows(requiredPermission)) {
    throw new IamError('forbidden', { requiredPermission });
  }
}
