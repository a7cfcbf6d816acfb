import { and, asc, eq, sql } from 'drizzle-orm';
import type { ProviderId } from '../../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { SecretDigest } from '../../../domain/session/secret-digest.ts';
import type { UserId } from '../../../domain/user/user.ts';
import { type Database, given } from '../database.ts';
import { authorizationRequests, authProviders, providerLinks } from '../schema/index.ts';

/** Providers, who is linked to them, and who is on the way there. */
export function providerQueries(database: Database) {
  const { drizzle } = database;
  const projectId = given.value('projectId');
  const ofThisProject = eq(authProviders.projectId, projectId);
  const byId = database.prepared(
    'auth_provider_by_id',
    drizzle
      .select()
      .from(authProviders)
      .where(and(ofThisProject, eq(authProviders.id, given.value('id')))),
  );
  const ofProject = database.prepared(
    'auth_providers_of_project',
    drizzle.select().from(authProviders).where(ofThisProject).orderBy(asc(authProviders.id)),
  );
  const linkByIdentity = database.prepared(
    'provider_link_by_identity',
    drizzle
      .select()
      .from(providerLinks)
      .where(
        and(
          eq(providerLinks.projectId, projectId),
          eq(providerLinks.providerId, given.value('providerId')),
          eq(providerLinks.externalId, given.value('externalId')),
        ),
      ),
  );
  const linksOfUser = database.prepared(
    'provider_links_of_user',
    drizzle
      .select({ link: providerLinks, providerType: authProviders.type })
      .from(providerLinks)
      .innerJoin(
        authProviders,
        and(eq(authProviders.projectId, providerLinks.projectId), eq(authProviders.id, providerLinks.providerId)),
      )
      .where(and(eq(providerLinks.projectId, projectId), eq(providerLinks.userId, given.value('userId'))))
      .orderBy(asc(providerLinks.linkedAt), asc(providerLinks.id)),
  );
  const requestByDigest = database.prepared(
    'authorization_request_by_digest',
    drizzle
      .select()
      .from(authorizationRequests)
      .where(
        and(
          eq(authorizationRequests.projectId, projectId),
          sql`${authorizationRequests.digest} = any(${given.texts('digests')})`,
        ),
      ),
  );
  return {
    byId: (projectId: ProjectId, id: ProviderId) => byId.one({ projectId, id }),
    /** By id. */
    ofProject: (projectId: ProjectId) => ofProject.all({ projectId }),
    linkByIdentity: (projectId: ProjectId, providerId: ProviderId, externalId: string) =>
      linkByIdentity.one({ projectId, providerId, externalId }),
    /** Oldest first. */
    linksOfUser: (projectId: ProjectId, userId: UserId) => linksOfUser.all({ projectId, userId }),
    requestByDigest: (projectId: ProjectId, digests: readonly SecretDigest[]) =>
      requestByDigest.one({ projectId, digests }),
  };
}
