import type { UserActor } from '../../src/application/actor.ts';
import { createIam, type Iam } from '../../src/application/iam.ts';
import type { RoleState } from '../../src/domain/role/role.ts';
import type { TenantId, TenantState } from '../../src/domain/tenant/tenant.ts';
import type { UserId, UserState } from '../../src/domain/user/user.ts';
import type { UnitOfWork } from '../../src/ports/unit-of-work.ts';
import { actorOf, at, type LoggedInUser, PASSWORD, signIn, type TestIam } from '../support/an-iam.ts';
import { someoneWhoMayEnrol } from '../support/authenticator.ts';
import { aMembership, anEmail } from '../support/builders.ts';

/** Registered over v1 of the platform project: owns a tenant, with a proven address. */
export function anOwner(test: TestIam): Promise<LoggedInUser> {
  return someoneWhoMayEnrol(test, at(test.platform, 'v1'));
}

/** Signed in to a tenant of others. They own one besides. */
export async function aMemberOf(
  test: TestIam,
  tenantId: TenantId,
  slugs: readonly string[] = ['member'],
): Promise<LoggedInUser> {
  const person = await anOwner(test);
  await join(test, tenantId, person.actor.userId, slugs);
  return { ...person, ...(await entering(test, person, tenantId)) };
}

/** Signed in, and of the host's tenant alone. */
export async function anEmployeeOf(
  test: TestIam,
  host: Pick<LoggedInUser, 'actor'>,
  roles: readonly string[] = ['member'],
): Promise<LoggedInUser> {
  const [email, password] = [anEmail(), PASSWORD];
  await test.iam.users.invitePerson.execute(host.actor, { email, roles });
  const { token } = await test.mailTo(email, 'invitation');
  const visitor = at(test.platform, 'v1');
  const { user, ...accepted } = await test.iam.invitations.acceptInvitation.execute(visitor, { token, password });
  const tenant = { id: host.actor.tenantId, name: '' };
  const registered = { ...accepted, user: user.user, tenant, roles, recoveryCodes: [] };
  return { email, password, visitor, registered, ...(await signIn(test, visitor, { email, password })) };
}

export function join(
  { clock, ports, platform: { id: projectId } }: TestIam,
  tenantId: TenantId,
  userId: UserId,
  slugs: readonly string[] = ['member'],
): Promise<void> {
  return ports.unitOfWork.run(async ({ roles, memberships }) => {
    const held = await roles.bySlugs(projectId, tenantId, slugs);
    memberships.save(aMembership(clock.now(), { projectId, tenantId, userId }, held));
  });
}

/** Another session of theirs, in that tenant. */
export async function entering(
  test: TestIam,
  { actor, visitor }: Pick<LoggedInUser, 'actor' | 'visitor'>,
  tenantId: TenantId,
): Promise<Pick<LoggedInUser, 'actor' | 'tokens'>> {
  const tokens = await test.iam.authentication.switchTenant.execute(actor, { tenantId });
  return { tokens, actor: await actorOf(test, visitor, tokens.accessToken) };
}

export function tenantOf({ store, platform }: TestIam, id: TenantId): TenantState {
  const tenant = store.tenants.get(`${platform.id} ${id}`);
  if (tenant === undefined) throw new Error('no such tenant');
  return tenant;
}

export function personOf(
  { store }: TestIam,
  { projectId, userId }: Pick<UserActor, 'projectId' | 'userId'>,
): UserState {
  const user = store.users.get(`${projectId} ${userId}`);
  if (user === undefined) throw new Error('no such user');
  return user;
}

/** Sorted. */
export function rolesIn({ store, platform }: TestIam, tenantId: TenantId, userId: UserId): readonly string[] {
  const { roleIds = [] } = store.memberships.get(`${platform.id} ${tenantId} ${userId}`) ?? {};
  return roleIds.flatMap((id) => store.roles.get(`${platform.id} ${tenantId} ${id}`)?.slug ?? []).sort();
}

/** Everybody who holds the owner role of a tenant, whatever else they are. */
export function ownersIn({ store, platform }: TestIam, tenantId: TenantId): readonly UserId[] {
  const roles: readonly RoleState[] = store.roles.ofGroup('tenant', `${platform.id} ${tenantId}`);
  const owner = roles.find(({ builtIn }) => builtIn)?.id;
  return store.memberships
    .ofGroup('tenant', `${platform.id} ${tenantId}`)
    .filter(({ roleIds }) => roleIds.some((id) => id === owner))
    .map(({ userId }) => userId);
}

/** Lets something happen, once, between what a unit of work has read of people and what it reads of the offer. */
export function beforeTheOfferIsRead({ ports }: TestIam, happen: () => Promise<unknown>): Iam {
  let happening: Promise<unknown> | undefined;
  const unitOfWork: UnitOfWork = {
    run: (work) =>
      ports.unitOfWork.run((repositories) => {
        const { ownershipTransfers } = repositories;
        const happened = () => {
          happening ??= happen();
          return happening;
        };
        const ofTenant: typeof ownershipTransfers.ofTenant = (...scope) =>
          happened().then(() => ownershipTransfers.ofTenant(...scope));
        const ofPerson: typeof ownershipTransfers.ofPerson = (...scope) =>
          happened().then(() => ownershipTransfers.ofPerson(...scope));
        return work({ ...repositories, ownershipTransfers: { ...ownershipTransfers, ofTenant, ofPerson } });
      }),
  };
  return createIam({ ...ports, unitOfWork });
}
