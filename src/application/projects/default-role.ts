import { invalidField } from '../../domain/errors.ts';

/** A default role that nobody has made would let people join without any. @throws IamError `validation-error` */
export function assertDefaultRoleExists(exists: boolean): void {
  if (exists) return;
  throw invalidField('settings.defaultRole', 'is no role of the root tenant', 'NOT_ALLOWED');
}
