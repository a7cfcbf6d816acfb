import { moduleOf, type Permission } from '../../domain/role/permission.ts';

/** How many permissions somebody has, wildcards spelled out. */
export interface PermissionSummary {
  readonly total: number;
  readonly modules: Readonly<Record<string, number>>;
}

export function permissionSummary(permissions: readonly Permission[]): PermissionSummary {
  const modules = new Map<string, number>();
  for (const name of permissions) modules.set(moduleOf(name), (modules.get(moduleOf(name)) ?? 0) + 1);
  return { total: permissions.length, modules: Object.fromEntries(modules) };
}
