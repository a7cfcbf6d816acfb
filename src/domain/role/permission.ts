import type { Brand } from '../kernel/brand.ts';

/** `crm.tickets.close`, `crm:read`, the wildcard `crm.*`, or the owner's `*`. */
export type Permission = Brand<string, 'Permission'>;

/** What a tenant's roles may hold without any module installed. */
export const TENANT_KERNEL_PERMISSIONS = [
  'users.list',
  'users.create',
  'users.update',
  'users.delete',
  'roles.list',
  'roles.create',
  'roles.update',
  'roles.delete',
  'roles.assign',
  'audit.read',
  'audit.export',
  'audit.delete',
  'billing.view',
  'billing.change',
  'billing.export',
  'settings.read',
  'settings.update',
] as unknown as readonly Permission[];

/** Everything, in one name: the owner's alone. */
export const EVERYTHING = '*' as Permission;

const PLATFORM_MODULES: ReadonlySet<string> = new Set(['system', 'platform', 'tenants', 'modules']);

/** The first dot segment. */
export function moduleOf(permission: string): string {
  const dot = permission.indexOf('.');
  return dot === -1 ? permission : permission.slice(0, dot);
}

/** Names that belong to the owner of the platform alone, and that no `*` or wildcard of a tenant matches. */
export function isPlatformOnly(permission: string): boolean {
  return permission === 'users.impersonate' || PLATFORM_MODULES.has(moduleOf(permission));
}
