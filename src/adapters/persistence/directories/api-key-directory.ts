import type { ApiKeyDirectory } from '../../../ports/directories/api-key-directory.ts';
import type { Queries } from '../queries/queries.ts';
import { stateIfAny } from '../rows.ts';
import { pageOf } from './page-of.ts';

export function apiKeyDirectory(queries: Queries['apiKeys']): ApiKeyDirectory {
  return {
    byDigest: async (projectId, digests) => stateIfAny(await queries.byDigest(projectId, digests)),
    countLive: async (now) => new Map((await queries.countLive(now)).map(({ key, count }) => [key, Number(count)])),
    page: async (projectId, request) => pageOf(await queries.page(projectId, request), request),
  };
}
