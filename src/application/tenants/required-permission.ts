import { IamError } from '../../domain/errors.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { UserActor } from '../actor.ts';

/**
 * What it takes to do something about a tenant: `own` in the one that the actor acts in, `any` in every other.
 * @throws IamError `not-found` for another tenant without `any`, like for one that does not exist
 */
export function requiredPermission(
  actor: UserActor,
  id: TenantId,
  { own, any }: { readonly own: string; readonly any: string },
): string {
  if (id === actor.tenantId) return own;
  if (!actor.permissions.allows(any)) throw new IamError('not-found');
  return any;
}
