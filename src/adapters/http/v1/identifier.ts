import { IamError } from '../../../domain/errors.ts';
import type { IdentifierDoor } from '../../../domain/kernel/identifier.ts';

/** The id that a caller gave. What no id can look like names nothing. @throws IamError `not-found` */
export function identifier<Id extends string>(door: IdentifierDoor<Id>, raw: string | undefined): Id {
  const id = door.parse(raw);
  if (id === undefined) throw new IamError('not-found');
  return id;
}

/**
 * A name in the path: a slug, an id, a module. What none can look like names nothing, and reaches no database.
 * @throws IamError `not-found`
 */
export function nameInPath(raw: string | undefined): string {
  if (raw === undefined || !/^[\w-]{1,128}$/.test(raw)) throw new IamError('not-found');
  return raw;
}
