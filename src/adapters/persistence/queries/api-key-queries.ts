import { and, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import type { ApiKeyId } from '../../../domain/project/api-key.ts';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { SecretDigest } from '../../../domain/session/secret-digest.ts';
import type { PageRequest } from '../../../ports/directories/page.ts';
import { type Database, given } from '../database.ts';
import { apiKeys } from '../schema/index.ts';

export function apiKeyQueries(database: Database) {
  const { drizzle } = database;
  const ofProject = eq(apiKeys.projectId, given.value('projectId'));
  const byId = database.prepared(
    'api_key_by_id',
    drizzle
      .select()
      .from(apiKeys)
      .where(and(ofProject, eq(apiKeys.id, given.value('id')))),
  );
  const byDigest = database.prepared(
    'api_key_by_digest',
    drizzle
      .select()
      .from(apiKeys)
      .where(and(ofProject, sql`${apiKeys.digest} = any(${given.texts('digests')})`)),
  );
  const key = sql<string>`case when ${apiKeys.digest} like '%.%' then split_part(${apiKeys.digest}, '.', 1) else '' end`;
  return {
    byId: (projectId: ProjectId, id: ApiKeyId) => byId.one({ projectId, id }),
    byDigest: (projectId: ProjectId, digests: readonly SecretDigest[]) => byDigest.one({ projectId, digests }),
    countLive: (now: Date) =>
      database.rows(
        drizzle
          .select({ key, count: sql<string | number>`count(*)` })
          .from(apiKeys)
          .where(and(isNull(apiKeys.revokedAt), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now))))
          .groupBy(sql`1`),
      ),
    /** One more than the page holds, to tell whether there is more. */
    page: (projectId: ProjectId, { after, limit }: PageRequest<ApiKeyId>) =>
      database.rows(
        drizzle
          .select()
          .from(apiKeys)
          .where(and(eq(apiKeys.projectId, projectId), after && lt(apiKeys.id, after)))
          .orderBy(desc(apiKeys.id))
          .limit(limit + 1),
      ),
  };
}
