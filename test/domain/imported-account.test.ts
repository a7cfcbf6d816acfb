import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContentHash } from '../../src/domain/audit/audit-chain.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import { importedUserId, isImportedAs } from '../../src/domain/user/imported-user-id.ts';
import { TotpFactor, type TotpStep } from '../../src/domain/user/totp-factor.ts';
import { TotpSecret } from '../../src/domain/user/totp-secret.ts';
import { type ImportedAccount, type PasswordHash, User, type UserId } from '../../src/domain/user/user.ts';
import { anEmail, anId, aSealedSecret } from '../support/builders.ts';
import { refusalOf } from '../support/refusal.ts';

const now = new Date('2030-01-31T12:00:00.000Z');
const before = new Date('2019-05-06T07:08:09.010Z');

const digestOf = (text: string) => createHash('sha256').update(text).digest('base64url') as ContentHash;

const account = (given: Partial<ImportedAccount> = {}): ImportedAccount => ({
  id: anId<UserId>(),
  projectId: anId<ProjectId>(),
  email: anEmail(),
  emailVerified: true,
  passwordHash: '$2b$10$hash' as PasswordHash,
  firstName: 'Ada',
  lastName: null,
  phone: null,
  avatarUrl: null,
  metadata: { plan: 'pro' },
  preferences: {},
  status: 'active',
  disabledByPlatform: false,
  withTotp: false,
  holdsSeat: true,
  createdAt: before,
  ...given,
});

describe('an account from elsewhere', () => {
  it('is what it was there, and nobody has signed in to it here', () => {
    const given = account();
    const { emailVerified: _, withTotp: __, ...same } = given;
    expect(User.import(given, now).toState()).toEqual({
      ...same,
      emailVerifiedAt: now,
      pendingEmail: null,
      pendingEmailAwaits: [],
      totpEnabledAt: null,
      sessionEpoch: 0,
      lastLoginMethod: null,
      lastTenantId: null,
      updatedAt: now,
      deletedAt: null,
    });
  });

  it('proves no address that was not proven there, nor one that it has not', () => {
    expect(User.import(account({ emailVerified: false }), now).toState().emailVerifiedAt).toBeNull();
    expect(User.import(account({ email: null }), now).toState().emailVerifiedAt).toBeNull();
  });

  it('tells that it was imported, and asks nobody to prove anything', () => {
    const given = account();
    const { id: userId, projectId } = given;
    const occurredAt = now.toISOString();
    expect(User.import(given, now).releaseEvents()).toEqual([{ type: 'user-imported', projectId, userId, occurredAt }]);
  });

  it('is not made in the future', () => {
    const tomorrow = new Date(now.getTime() + 1);
    expect(refusalOf(() => User.import(account({ createdAt: tomorrow }), now))).toMatchObject({
      code: 'validation-error',
      details: { violations: [{ field: 'createdAt' }] },
    });
  });

  it('asks for a code where it brings an authenticator app, whose every code is still good for once', () => {
    const given = account({ withTotp: true });
    expect(User.import(given, now).toState().totpEnabledAt).toEqual(now);

    const secret = aSealedSecret();
    const factor = TotpFactor.import({ projectId: given.projectId, userId: given.id }, secret);
    expect(factor.inForce).toBe(true);
    factor.spend(secret, 1 as TotpStep);
    expect(factor.takes(secret, 1 as TotpStep)).toBe(false);
    expect(factor.releaseEvents()).toEqual([]);
  });
});

describe('the id of an account that brings none', () => {
  it('is a UUID v7 of its moment (RFC 9562 §5.7)', () => {
    const id = importedUserId(before, digestOf('a'));
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(before.getTime());
  });

  it('sorts by the moment, and tells the record by its digest, whenever that comes', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: now, noInvalidDate: true }),
        fc.string(),
        fc.string(),
        (at, a, b) => {
          const id = importedUserId(at, digestOf(a));
          expect(id < importedUserId(new Date(now.getTime() + 1), digestOf(b))).toBe(true);
          expect(isImportedAs(id, digestOf(a))).toBe(true);
          expect(isImportedAs(id, digestOf(b))).toBe(a === b);
          expect(isImportedAs(importedUserId(now, digestOf(a)), digestOf(a))).toBe(true);
        },
      ),
    );
  });

  it('is not that of somebody who has registered', () => {
    expect(isImportedAs(anId<UserId>(), digestOf('a'))).toBe(false);
  });
});

describe('the secret of an authenticator app', () => {
  const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

  it.each([
    ['as it is', SECRET],
    ['in groups', 'gezd gnbv gy3t qojq gezd gnbv gy3t qojq'],
    ['with hyphens', 'GEZD-GNBV-GY3T-QOJQ-GEZD-GNBV-GY3T-QOJQ'],
  ])('is one however it was written: %s', (_, raw) => {
    expect(TotpSecret.parse(raw)).toBe(SECRET);
  });

  it('may be padded, and of 16 to 64 bytes', () => {
    expect(TotpSecret.parse('GEZDGNBVGY3TQOJQGEZDGNBVGY======')).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY');
    expect(TotpSecret.parse('A'.repeat(103))).toHaveLength(103);
  });

  it.each([
    ['no Base32', '1EZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ0', 'INVALID_FORMAT'],
    ['nothing', '', 'TOO_SHORT'],
    ['80 bits', 'JBSWY3DPEHPK3PXP', 'TOO_SHORT'],
    ['more than an app takes', 'A'.repeat(104), 'TOO_LONG'],
    ['a letter too many', `${SECRET}A`, 'INVALID_FORMAT'],
    ['bits beyond the last byte', 'GEZDGNBVGY3TQOJQGEZDGNBVGZ', 'INVALID_FORMAT'],
  ])('is refused where it is %s', (_, raw, code) => {
    expect(refusalOf(() => TotpSecret.parse(raw))).toMatchObject({
      code: 'validation-error',
      details: { violations: [{ field: 'totpSecret', code }] },
    });
  });
});
