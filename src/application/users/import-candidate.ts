import type { ContentHash } from '../../domain/audit/audit-chain.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import { importedUserId, isImportedAs } from '../../domain/user/imported-user-id.ts';
import { TotpSecret } from '../../domain/user/totp-secret.ts';
import type { PasswordHash, UserId } from '../../domain/user/user.ts';
import type { ContentDigest } from '../../ports/content-digest.ts';
import type { PasswordHasher } from '../../ports/password-hasher.ts';
import type { EmailParser } from '../account/email-parser.ts';
import { hashIfAny } from '../audit/hash-if-any.ts';
import { wrong } from './import-outcome.ts';
import type { UserRecord } from './user-record.ts';

/** A line that says what an account can be made of. */
export interface Candidate {
  readonly line: number;
  readonly record: UserRecord;
  readonly email: EmailAddress | null;
  readonly passwordHash: PasswordHash | null;
  readonly totpSecret: TotpSecret | null;
  /** Of the whole record: the same one is known again by it. */
  readonly digest: ContentHash;
  /** That it brings, or has whenever it is imported; `undefined` for one that goes by the moment of the import. */
  readonly id: UserId | undefined;
}

interface CandidateDeps {
  readonly parseEmail: EmailParser;
  readonly passwordHasher: PasswordHasher;
  readonly contentDigest: ContentDigest;
}

/** @throws IamError `validation-error` */
export function candidateOf(line: number, record: UserRecord, deps: CandidateDeps): Candidate {
  const { id, email, passwordHash, totpSecret, createdAt, links = [] } = record;
  if (email === undefined && links.length === 0) throw wrong('email', 'is required of whoever has no links');
  if (createdAt !== undefined && createdAt.getTime() < 0) throw wrong('createdAt', 'must not be before 1970');
  if (record.disabledByPlatform && record.status !== 'disabled') {
    throw wrong('disabledByPlatform', 'is for whoever is disabled');
  }
  const digest = hashIfAny(deps.contentDigest, record);
  if (digest === undefined) throw wrong('', 'holds a number that JSON has no room for');
  const hash = passwordHash === undefined ? null : deps.passwordHasher.imported(passwordHash);
  if (hash === undefined) throw wrong('passwordHash', 'is of no known form, or takes too much to check');
  return {
    line,
    record,
    email: email === undefined ? null : deps.parseEmail(email),
    passwordHash: hash,
    totpSecret: totpSecret === undefined ? null : TotpSecret.parse(totpSecret),
    digest,
    id: id ?? (createdAt && importedUserId(createdAt, digest)),
  };
}

/** Whether the account was made of this record. */
export function isAccountOf({ record, digest }: Candidate, id: UserId): boolean {
  return record.id === undefined ? isImportedAs(id, digest) : id === record.id;
}

/** What no two accounts of a project may have in common. */
export function namesOf({ id, email, record }: Candidate): readonly string[] {
  return [
    ...(email === null ? [] : [`email ${email}`]),
    ...(id === undefined ? [] : [`id ${id}`]),
    ...(record.links ?? []).map(({ providerId, externalId }) => `link ${providerId} ${externalId}`),
  ];
}
