import type { ContentHash } from '../audit/audit-chain.ts';
import { digestBits } from '../kernel/digest-bits.ts';
import { UserId } from './user.ts';

/**
 * The id of an account whose record brings none: a UUID v7 (RFC 9562 §5.7) of the moment, whose random bits are those of
 * the record's digest. So the same record is known again, whenever it comes.
 */
export function importedUserId(moment: Date, digest: ContentHash): UserId {
  const time = moment.getTime().toString(16).padStart(12, '0');
  const id = UserId.parse(`${time.slice(0, 8)}-${time.slice(8)}-${randomPart(digest)}`);
  if (id === undefined) throw new RangeError('no UUID has a moment before 1970');
  return id;
}

/** Whether the account was made of a record with this digest. */
export function isImportedAs(id: UserId, digest: ContentHash): boolean {
  return id.endsWith(`-${randomPart(digest)}`);
}

/** `7xxx-yxxx-xxxxxxxxxxxx`, with 74 bits of the digest. */
function randomPart(digest: ContentHash): string {
  const bits = digestBits(digest, 74);
  const hex = (digits: string) =>
    Number.parseInt(digits, 2)
      .toString(16)
      .padStart(digits.length / 4, '0');
  return `7${hex(bits.slice(0, 12))}-${hex(`10${bits.slice(12, 26)}`)}-${hex(bits.slice(26))}`;
}
