import type { Permission } from './permission.ts';

/** A permission as a list shows it. */
export interface PermissionEntry {
  readonly name: Permission;
  readonly description: string;
}

const DESCRIPTIONS = {
  'tenants.list': 'List all tenants',
  'tenants.create': 'Create tenants for others',
  'tenants.update': 'Change any tenant',
  'tenants.block': 'Block and unblock tenants',
  'tenants.delete': 'Delete tenants',
  'modules.list': 'List modules',
  'modules.install': 'Install modules',
  'modules.configure': 'Configure modules',
  'modules.uninstall': 'Uninstall modules',
  'users.list': 'See the people of the tenant',
  'users.create': 'Invite people',
  'users.update': 'Change people',
  'users.delete': 'Remove people',
  'users.impersonate': 'Act as somebody else',
  'roles.list': 'See roles and permissions',
  'roles.create': 'Compose roles',
  'roles.update': 'Change roles',
  'roles.delete': 'Delete roles',
  'roles.assign': 'Give roles to people',
  'audit.read': 'Read the audit trail',
  'audit.export': 'Export the audit trail',
  'audit.delete': 'Delete old audit records',
  'billing.view': 'See bills',
  'billing.change': 'Change billing',
  'billing.export': 'Export bills',
  'settings.read': 'See the settings of the tenant',
  'settings.update': 'Change the settings of the tenant',
  'system.shutdown': 'Shut the service down',
  'system.backup': 'Back the service up',
  'system.restore': 'Restore the service',
  'platform.projects': 'Administer projects',
} as const;

const PLATFORM_MODULES: ReadonlySet<string> = new Set(['system', 'platform', 'tenants', 'modules']);

/** Every permission that exists without a module installed. */
export const KERNEL_PERMISSIONS = Object.entries(DESCRIPTIONS).map(([name, description]) => ({
  name,
  description,
})) as unknown as readonly PermissionEntry[];

/** First dot segments that no module may take. */
export const KERNEL_MODULES: ReadonlySet<string> = new Set(
  KERNEL_PERMISSIONS.map(({ name }) => name.slice(0, name.indexOf('.'))),
);

/**
 * Names that belong to the owner of the platform alone, and that no `*` or wildcard of a tenant matches. A wildcard of
 * their modules is one of them.
 */
export function isPlatformOnly(permission: string): boolean {
  const dot = permission.search(/[.:]/);
  return permission === 'users.impersonate' || PLATFORM_MODULES.has(dot === -1 ? permission : permission.slice(0, dot));
}

/** What a tenant's roles may hold without any module installed. */
export const TENANT_KERNEL_PERMISSIONS: readonly Permission[] = KERNEL_PERMISSIONS.map(({ name }) => name).filter(
  (name) => !isPlatformOnly(name),
);
