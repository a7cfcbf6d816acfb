import { IamError } from '../errors.ts';
import type { Brand } from '../kernel/brand.ts';
import { isPlatformOnly, KERNEL_MODULES } from './kernel-permissions.ts';

/** `crm.tickets.close`, `crm:read`, the wildcard `crm.*`, or the owner's `*`. */
export type Permission = Brand<string, 'Permission'>;

/** Everything, in one name: the owner's alone. */
export const EVERYTHING = '*' as Permission;

export const MAX_PERMISSION_LENGTH = 128;

const NAME = /^[a-z0-9_-]+(?:[.:][a-z0-9_-]+)*$/;
const WILDCARD = /^[a-z0-9_-]+\.\*$/;

export const Permission = {
  /** A name as a module registers it: segments of `[a-z0-9_-]` between dots or colons, at most 128 characters. */
  isName(raw: string): boolean {
    return raw.length <= MAX_PERMISSION_LENGTH && NAME.test(raw);
  },

  /**
   * Something that a role may hold: a registered or kernel name, or the wildcard of a registered or kernel module.
   * @throws IamError `reserved-permission` for `*` and platform-only names in any spelling, `unknown-permission`
   */
  forRole(raw: string, known: KnownPermissions): Permission {
    const name = raw.trim().toLowerCase();
    if (name === EVERYTHING || isPlatformOnly(name)) throw new IamError('reserved-permission', { permission: raw });
    const registered = WILDCARD.test(raw) ? known.hasModule(moduleOf(raw)) : known.hasName(raw);
    if (!registered) throw new IamError('unknown-permission', { permission: raw });
    return raw as Permission;
  },
} as const;

/** What is registered in a project, the kernel's own included. */
export interface KnownPermissions {
  hasName(name: string): boolean;
  hasModule(name: string): boolean;
}

/** The first dot segment. */
export function moduleOf(permission: string): string {
  const dot = permission.indexOf('.');
  return dot === -1 ? permission : permission.slice(0, dot);
}

/** Whether a module of this name registered it, or may. */
export function isOfModule(permission: string, module: string): boolean {
  return permission.startsWith(`${module}.`) || permission.startsWith(`${module}:`);
}

/** The name that matches everything of a permission's module; `undefined` for names without a dot: those match exactly. */
export function wildcardOf(permission: string): string | undefined {
  const dot = permission.indexOf('.');
  return dot === -1 ? undefined : `${permission.slice(0, dot)}.*`;
}

/** Whether it names one permission, and not all of a module or everything. */
export function isExact(permission: Permission): boolean {
  return !permission.endsWith('*');
}

/** Whether a module of this name, or one that begins with it, would shadow the kernel's. */
export function isKernelModule(name: string): boolean {
  return KERNEL_MODULES.has(name.trim().toLowerCase());
}
