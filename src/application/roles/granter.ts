import { IamError } from '../../domain/errors.ts';
import { isLive } from '../../domain/project/api-key.ts';
import { isPlatformRoot, type ProjectState } from '../../domain/project/project.ts';
import { EffectivePermissions } from '../../domain/role/effective-permissions.ts';
import type { Permission } from '../../domain/role/permission.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import { isInUse } from '../../domain/user/account-standing.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { HeldPermissions } from '../../ports/repositories/role-repository.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { KeyActor } from '../actor.ts';

type Place = Pick<ProjectState, 'id' | 'platform' | 'rootTenantId'>;

/** Somebody who hands out permissions, or acts on people, as they stand in the commit that it is part of. */
export class Granter {
  readonly #place: Place;
  readonly #userId: UserId | null;
  readonly #permissions: EffectivePermissions;

  private constructor(place: Place, userId: UserId | null, permissions: EffectivePermissions) {
    this.#place = place;
    this.#userId = userId;
    this.#permissions = permissions;
  }

  /** A back end's key, which holds what a tenant may hold. `undefined` for one that is revoked or has expired. */
  static async ofKey(
    { apiKeys, requireUnchanged }: Repositories,
    place: Place,
    { apiKeyId, permissions }: KeyActor,
    now: Date,
  ): Promise<Granter | undefined> {
    const key = await apiKeys.byId(place.id, apiKeyId);
    if (key === undefined || !isLive(key.toState(), now)) return undefined;
    requireUnchanged(key);
    return new Granter(place, null, permissions);
  }

  /** The commit fails like a lost race when they lose anything meanwhile. `undefined` for nobody who is a member. */
  static async present(
    { users, memberships, roles, requireUnchanged }: Repositories,
    place: Place,
    tenantId: TenantId,
    userId: UserId,
  ): Promise<Granter | undefined> {
    const user = await users.byId(place.id, userId);
    const membership = await memberships.find(place.id, tenantId, userId);
    if (user === undefined || !isInUse(user.toState()) || membership?.active !== true) return undefined;
    const held = await roles.ofMember(place.id, tenantId, userId);
    for (const root of [user, membership, ...held]) requireUnchanged(root);
    const names = held.flatMap((role) => role.toState().permissions);
    return new Granter(place, userId, compiled(place, tenantId, names));
  }

  /** @throws IamError `forbidden` */
  assertAllows(permission: string): void {
    if (!this.#permissions.allows(permission)) throw new IamError('forbidden', { requiredPermission: permission });
  }

  allows(permission: string): boolean {
    return this.#permissions.allows(permission);
  }

  /** Nobody hands out what they do not hold. @throws IamError `forbidden` */
  assertMayGrant(names: readonly Permission[]): void {
    this.#assertHolds(new EffectivePermissions(names, { platform: false }));
  }

  /** Nobody acts on somebody else who holds, in any tenant, what they lack. @throws IamError `forbidden` */
  assertGoverns(userId: UserId, held: readonly HeldPermissions[]): void {
    if (userId === this.#userId) return;
    for (const { tenantId, permissions } of held) this.#assertHolds(compiled(this.#place, tenantId, permissions));
  }

  #assertHolds(others: EffectivePermissions): void {
    const lacking = this.#permissions.firstLacking(others);
    if (lacking !== undefined) throw new IamError('forbidden', { requiredPermission: lacking });
  }
}

function compiled(place: Place, tenantId: TenantId, names: readonly Permission[]): EffectivePermissions {
  return new EffectivePermissions(names, { platform: isPlatformRoot(place, tenantId) });
}
