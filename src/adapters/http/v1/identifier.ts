import { IamError } from '../../../domain/errors.ts';
import type { IdentifierDoor } from '../../../domain/kernel/identifier.ts';

/** The id that a caller gave. What no id can look like names nothing. @throws IamError `not-found` */
export function identifier<Id extends string>(door: IdentifierDoor<Id>, raw: string | undefined): Id {
  const id = door.parse(raw);
  if (id === undefined) throw new IamError('not-found');
  return id;
}
