import type { z } from '@hono/zod-openapi';
import type { InvitationView } from '../../../application/invitations/invitation-view.ts';
import type { MemberWithSummary } from '../../../application/users/member-reader.ts';
import type { MemberView } from '../../../application/users/member-view.ts';
import type { PermissionModuleState } from '../../../domain/role/permission-module.ts';
import type { RoleState } from '../../../domain/role/role.ts';
import type { TenantState } from '../../../domain/tenant/tenant.ts';
import type * as Invitations from './invitation-contract.ts';
import type { Module } from './module-contract.ts';
import { moment } from './moment.ts';
import { presentUser } from './presenters.ts';
import type { Role } from './role-contract.ts';
import type { Tenant } from './tenant-contract.ts';
import type { User, UserWithSummary } from './user-contract.ts';

export function presentMember({ user, tenantId, roles }: MemberView): z.output<typeof User> {
  return presentUser(user, { tenantId, roles });
}

export function presentMemberWithSummary(member: MemberWithSummary): z.output<typeof UserWithSummary> {
  return { ...presentMember(member), permissionSummary: member.permissionSummary };
}

export function presentInvited(invitation: InvitationView): z.output<typeof Invitations.Invited> {
  const { id, email, roles, expiresAt } = invitation;
  return { id, email, roles, expiresAt: moment(expiresAt) };
}

export function presentInvitation(invitation: InvitationView): z.output<typeof Invitations.Invitation> {
  const { createdAt, invitedBy } = invitation;
  return { ...presentInvited(invitation), createdAt: moment(createdAt), invitedBy };
}

export function presentRole(role: RoleState): z.output<typeof Role> {
  return {
    id: role.id,
    name: role.name,
    slug: role.slug,
    description: role.description,
    permissions: role.permissions,
    tenantId: role.tenantId,
    builtIn: role.builtIn,
    createdBy: role.createdBy,
    createdAt: moment(role.createdAt),
    updatedAt: moment(role.updatedAt),
  };
}

export function presentModule(module: PermissionModuleState): z.output<typeof Module> {
  return {
    name: module.name,
    permissions: module.permissions.map(({ name, description }) => ({ name, description })),
    createdAt: moment(module.createdAt),
    updatedAt: moment(module.updatedAt),
  };
}

export function presentTenant(tenant: TenantState): z.output<typeof Tenant> {
  return {
    id: tenant.id,
    name: tenant.name,
    logoUrl: tenant.logoUrl,
    ownerId: tenant.ownerId,
    blockedAt: moment(tenant.blockedAt),
    createdAt: moment(tenant.createdAt),
    updatedAt: moment(tenant.updatedAt),
  };
}
