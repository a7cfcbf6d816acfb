import { and, asc, count, eq, gt, isNull, ne, type SQL, sql } from 'drizzle-orm';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { TenantId } from '../../../domain/tenant/tenant.ts';
import type { EmailAddress } from '../../../domain/user/email-address.ts';
import type { PasswordHash, UserId } from '../../../domain/user/user.ts';
import type { AccountLink, ProviderIdentity } from '../../../ports/directories/account-directory.ts';
import { type Database, given } from '../database.ts';
import { memberships, providerLinks, totpFactors, users } from '../schema/index.ts';
import { holdsOne } from './address-holder.ts';
import { parsedJson } from './json.ts';
import { roleNames } from './member-roles.ts';

export interface MembershipRow {
  readonly tenantId: TenantId;
  readonly disabled: boolean;
  readonly roles: readonly { readonly slug: string }[];
}

const ofUser = (table: typeof memberships | typeof providerLinks) =>
  and(eq(table.projectId, users.projectId), eq(table.userId, users.id));

const theirMemberships = listOf<MembershipRow>(sql`
  select jsonb_agg(
    jsonb_build_object(
      'tenantId', ${memberships.tenantId},
      'disabled', ${memberships.disabledAt} is not null,
      'roles', ${roleNames(memberships)}
    ) order by ${memberships.tenantId}
  ) from ${memberships} where ${ofUser(memberships)} and ${memberships.deletedAt} is null
`);

const theirLinks = listOf<AccountLink>(sql`
  select jsonb_agg(
    jsonb_build_object(
      'providerId', ${providerLinks.providerId},
      'externalId', ${providerLinks.externalId},
      'email', ${providerLinks.email},
      'displayName', ${providerLinks.displayName}
    ) order by ${providerLinks.providerId}
  ) from ${providerLinks} where ${ofUser(providerLinks)}
`);

/** As `passwordForm`; without a regular expression, since all of them are looked at. */
const form = sql<string>`coalesce(
  split_part(${users.passwordHash}, '$', 2) || '$' || split_part(${users.passwordHash}, '$', 3)
    || case when split_part(${users.passwordHash}, '$', 3) like 'v=%'
      then '$' || split_part(${users.passwordHash}, '$', 4) else '' end,
  ''
) collate "C"`;

/** Accounts as a whole, many at once. */
export function accountQueries(database: Database) {
  const { drizzle } = database;
  const projectId = given.value('projectId');
  const ofProject = eq(users.projectId, projectId);
  const name = { id: users.id, email: users.email };
  const byIds = database.prepared(
    'accounts_by_ids',
    drizzle
      .select(name)
      .from(users)
      .where(and(ofProject, sql`${users.id} = any(${given.uuids('ids')})`)),
  );
  const byEmails = database.prepared(
    'accounts_by_emails',
    drizzle
      .select(name)
      .from(users)
      .where(and(holdsOne, sql`${users.email} = any(${given.texts('emails')})`)),
  );
  const byIdentities = database.prepared(
    'accounts_by_identities',
    drizzle
      .select({
        providerId: providerLinks.providerId,
        externalId: providerLinks.externalId,
        userId: providerLinks.userId,
      })
      .from(providerLinks)
      .where(
        and(
          eq(providerLinks.projectId, projectId),
          sql`(${providerLinks.providerId}, ${providerLinks.externalId}) in (
            select * from unnest(${given.texts('providerIds')}, ${given.texts('externalIds')})
          )`,
        ),
      ),
  );
  const pageAfter = (name: string, after: SQL | undefined) =>
    database.prepared(
      name,
      drizzle
        .select({ user: users, memberships: theirMemberships, totpSecret: totpFactors.secret, links: theirLinks })
        .from(users)
        .leftJoin(totpFactors, and(eq(totpFactors.projectId, users.projectId), eq(totpFactors.userId, users.id)))
        .where(and(ofProject, after, isNull(users.deletedAt), ne(users.status, 'invited')))
        .orderBy(asc(users.id))
        .limit(given.value('limit')),
    );
  const firstPage = pageAfter('accounts_first', undefined);
  const nextPage = pageAfter('accounts_after', gt(users.id, given.value('after')));
  const passwordForms = database.prepared(
    'password_forms',
    drizzle
      .select({
        form,
        accounts: count(),
        example: sql<PasswordHash | null>`min(${users.passwordHash})`,
      })
      .from(users)
      .where(holdsOne)
      .groupBy(sql`1`)
      .orderBy(sql`1`),
  );
  return {
    byIds: (projectId: ProjectId, ids: readonly UserId[]) => byIds.all({ projectId, ids }),
    byEmails: (projectId: ProjectId, emails: readonly EmailAddress[]) => byEmails.all({ projectId, emails }),
    byIdentities: (projectId: ProjectId, identities: readonly ProviderIdentity[]) =>
      byIdentities.all({
        projectId,
        providerIds: identities.map(({ providerId }) => providerId),
        externalIds: identities.map(({ externalId }) => externalId),
      }),
    page: (projectId: ProjectId, after: UserId | undefined, limit: number) =>
      after === undefined ? firstPage.all({ projectId, limit }) : nextPage.all({ projectId, after, limit }),
    passwordForms: (projectId: ProjectId) => passwordForms.all({ projectId }),
  };
}

function listOf<T>(aggregate: SQL): SQL<readonly T[]> {
  return sql<readonly T[]>`coalesce((${aggregate}), '[]')`.mapWith(parsedJson<readonly T[]>) as SQL<readonly T[]>;
}
