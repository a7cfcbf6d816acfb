import type { Permission } from '../../src/domain/role/permission.ts';
import { PermissionModule } from '../../src/domain/role/permission-module.ts';
import { Role, type RoleState } from '../../src/domain/role/role.ts';
import { Invitation, type InvitationState } from '../../src/domain/tenant/invitation.ts';
import type { Membership } from '../../src/domain/tenant/membership.ts';
import { OwnershipTransfer } from '../../src/domain/tenant/ownership-transfer.ts';
import { User, type UserId } from '../../src/domain/user/user.ts';
import type { UnitOfWork } from '../../src/ports/unit-of-work.ts';
import { aMembership, anEmail, anId } from './builders.ts';
import type { Place } from './seeds.ts';

type Scope = Pick<Place, 'projectId' | 'tenantId'>;

export function aRole(
  now: Date,
  { projectId, tenantId }: Scope,
  slug: string,
  permissions: readonly string[] = [],
  given: Partial<RoleState> = {},
): Role {
  const state = { name: slug, slug, description: null, builtIn: false, createdBy: null, ...given };
  return Role.compose(
    { id: anId(), ...state, projectId, tenantId, permissions: permissions as readonly Permission[] },
    now,
  );
}

export async function seedRole(unitOfWork: UnitOfWork, ...given: Parameters<typeof aRole>): Promise<Role> {
  const role = aRole(...given);
  await unitOfWork.run(async ({ roles }) => roles.save(role));
  return role;
}

export function aModule(
  now: Date,
  { projectId }: Pick<Scope, 'projectId'>,
  name: string,
  names: readonly string[] = [`${name}.read`],
): PermissionModule {
  const permissions = names.map((permission) => ({ name: permission, description: `May ${permission}` }));
  return PermissionModule.install({ projectId, name, permissions }, now);
}

/** Somebody who has been invited, with the place that is kept for them. */
export interface Invited {
  readonly invitation: Invitation;
  readonly placeholder: User;
  readonly membership: Membership;
}

export function anInvitation(
  now: Date,
  { projectId, tenantId }: Scope,
  given: Partial<Pick<InvitationState, 'id' | 'email' | 'invitedBy'>> = {},
  roles: readonly Role[] = [],
): Invited {
  const { id = anId(), email = anEmail(), invitedBy = anId() } = given;
  const placeholder = User.invite({ id: anId(), projectId, email, firstName: null, lastName: null }, now);
  const userId = placeholder.id;
  return {
    invitation: Invitation.offer({ id, projectId, tenantId, email, userId, invitedBy, invitedByKey: null }, now),
    placeholder,
    membership: aMembership(now, { projectId, tenantId, userId }, roles),
  };
}

export async function seedInvitation(
  unitOfWork: UnitOfWork,
  ...given: Parameters<typeof anInvitation>
): Promise<Invited> {
  const invited = anInvitation(...given);
  await saveInvited(unitOfWork, invited);
  return invited;
}

export function saveInvited(unitOfWork: UnitOfWork, { invitation, placeholder, membership }: Invited): Promise<void> {
  return unitOfWork.run(async ({ users, memberships, invitations }) => {
    users.save(placeholder);
    memberships.save(membership);
    invitations.save(invitation);
  });
}

export function aTransfer(
  now: Date,
  { projectId, tenantId }: Scope,
  ownerId: UserId,
  newOwnerId: UserId,
): OwnershipTransfer {
  return OwnershipTransfer.offer({ id: anId(), projectId, tenantId, ownerId, newOwnerId }, now);
}

export function changeMembership(
  unitOfWork: UnitOfWork,
  { projectId, tenantId }: Scope,
  userId: UserId,
  change: (membership: Membership) => void,
): Promise<void> {
  return unitOfWork.run(async ({ memberships }) => {
    const membership = await memberships.find(projectId, tenantId, userId);
    if (!membership) throw new Error('not seeded');
    change(membership);
    memberships.save(membership);
  });
}

export function changeUser(
  unitOfWork: UnitOfWork,
  { projectId }: Pick<Scope, 'projectId'>,
  userId: UserId,
  change: (user: User) => void,
): Promise<void> {
  return unitOfWork.run(async ({ users }) => {
    const user = await users.byId(projectId, userId);
    if (!user) throw new Error('not seeded');
    change(user);
    users.save(user);
  });
}

export function changeRole(unitOfWork: UnitOfWork, state: RoleState, change: (role: Role) => void): Promise<void> {
  return unitOfWork.run(async ({ roles }) => {
    const role = await roles.byId(state.projectId, state.tenantId, state.id);
    if (!role) throw new Error('not seeded');
    change(role);
    roles.save(role);
  });
}
