import { IamError } from '../../domain/errors.ts';

/** A default role that nobody has made would let people join without any. @throws IamError `validation-error` */
export function assertDefaultRoleExists(exists: boolean): void {
  if (exists) return;
  const violation = { message: 'is no role of the root tenant', code: 'NOT_ALLOWED' } as const;
  throw new IamError('validation-error', { violations: [{ field: 'settings.defaultRole', ...violation }] });
}
