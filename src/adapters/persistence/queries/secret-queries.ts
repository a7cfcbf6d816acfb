import { and, eq, sql } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { OneTimeTokenPurpose } from '../../../domain/session/one-time-token.ts';
import type { SecretDigest } from '../../../domain/session/secret-digest.ts';
import type { SignInChallengeKind } from '../../../domain/session/sign-in-challenge.ts';
import type { EmailAddress } from '../../../domain/user/email-address.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { type Database, given } from '../database.ts';
import { oneTimeTokens, recoveryCodes, signInChallenges, totpFactors, users } from '../schema/index.ts';
import { holdsAddress, holdsAddressOrNext } from './address-holder.ts';

type Digests = readonly SecretDigest[];

/** One-time tokens, sign-in challenges, recovery codes and authenticator apps: what a user holds and spends. */
export function secretQueries(database: Database) {
  const { drizzle } = database;
  const holder = and(eq(users.projectId, oneTimeTokens.projectId), eq(users.id, oneTimeTokens.userId));
  const purpose = eq(oneTimeTokens.purpose, given.value('purpose'));
  const tokenDigest = and(
    eq(oneTimeTokens.projectId, given.value('projectId')),
    purpose,
    sql`${oneTimeTokens.digest} = any(${given.texts('digests')})`,
  );
  const tokenOfUser = database.prepared(
    'token_of_user',
    drizzle
      .select()
      .from(oneTimeTokens)
      .where(
        and(
          eq(oneTimeTokens.projectId, given.value('projectId')),
          eq(oneTimeTokens.userId, given.value('userId')),
          purpose,
        ),
      ),
  );
  const tokenByDigest = database.prepared('token_by_digest', drizzle.select().from(oneTimeTokens).where(tokenDigest));
  const tokenAndHolderByDigest = database.prepared(
    'token_and_holder_by_digest',
    drizzle
      .select({ token: oneTimeTokens, user: users })
      .from(oneTimeTokens)
      .innerJoin(users, holder)
      .where(tokenDigest),
  );
  const tokenAndHolderByEmail = database.prepared(
    'token_and_holder_by_email',
    drizzle
      .select({ token: oneTimeTokens, user: users })
      .from(oneTimeTokens)
      .innerJoin(users, holder)
      .where(and(holdsAddress, purpose)),
  );
  const challengeByDigest = database.prepared(
    'challenge_by_digest',
    drizzle
      .select()
      .from(signInChallenges)
      .where(
        and(
          eq(signInChallenges.projectId, given.value('projectId')),
          eq(signInChallenges.kind, given.value('kind')),
          sql`${signInChallenges.digest} = any(${given.texts('digests')})`,
        ),
      ),
  );
  const codesOfUser = database.prepared(
    'recovery_codes_of_user',
    drizzle
      .select()
      .from(recoveryCodes)
      .where(
        and(eq(recoveryCodes.projectId, given.value('projectId')), eq(recoveryCodes.userId, given.value('userId'))),
      ),
  );
  const codesByEmail = database.prepared(
    'recovery_codes_by_email',
    drizzle
      .select({ user: users, codes: recoveryCodes })
      .from(users)
      .leftJoin(recoveryCodes, and(eq(recoveryCodes.projectId, users.projectId), eq(recoveryCodes.userId, users.id)))
      .where(holdsAddressOrNext),
  );
  const factorOfUser = database.prepared(
    'totp_factor_of_user',
    drizzle
      .select()
      .from(totpFactors)
      .where(and(eq(totpFactors.projectId, given.value('projectId')), eq(totpFactors.userId, given.value('userId')))),
  );
  const factorByEmail = database.prepared(
    'totp_factor_by_email',
    drizzle
      .select({ user: users, factor: totpFactors })
      .from(users)
      .leftJoin(totpFactors, and(eq(totpFactors.projectId, users.projectId), eq(totpFactors.userId, users.id)))
      .where(holdsAddressOrNext),
  );
  return {
    tokenOfUser: (projectId: ProjectId, userId: UserId, purpose: OneTimeTokenPurpose) =>
      tokenOfUser.one({ projectId, userId, purpose }),
    tokenByDigest: (projectId: ProjectId, purpose: OneTimeTokenPurpose, digests: Digests) =>
      tokenByDigest.one({ projectId, purpose, digests }),
    tokenAndHolderByDigest: (projectId: ProjectId, purpose: OneTimeTokenPurpose, digests: Digests) =>
      tokenAndHolderByDigest.one({ projectId, purpose, digests }),
    tokenAndHolderByEmail: (projectId: ProjectId, email: EmailAddress, purpose: OneTimeTokenPurpose) =>
      tokenAndHolderByEmail.one({ projectId, email, purpose }),
    challengeByDigest: (projectId: ProjectId, kind: SignInChallengeKind, digests: Digests) =>
      challengeByDigest.one({ projectId, kind, digests }),
    recoveryCodesOfUser: (projectId: ProjectId, userId: UserId) => codesOfUser.one({ projectId, userId }),
    recoveryCodesByEmail: async (projectId: ProjectId, email: EmailAddress) => {
      const row = await codesByEmail.one({ projectId, email });
      return row?.user.email === email ? row : undefined;
    },
    totpFactorOfUser: (projectId: ProjectId, userId: UserId) => factorOfUser.one({ projectId, userId }),
    totpFactorByEmail: async (projectId: ProjectId, email: EmailAddress) => {
      const row = await factorByEmail.one({ projectId, email });
      return row?.user.email === email ? row : undefined;
    },
  };
}
