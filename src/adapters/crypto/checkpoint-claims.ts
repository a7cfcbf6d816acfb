import type { JWTPayload } from 'jose';
import type { AuditCheckpoint, ContentHash } from '../../domain/audit/audit-chain.ts';
import { ProjectId } from '../../domain/project/project.ts';
import { TenantId } from '../../domain/tenant/tenant.ts';

export const CHECKPOINT_TYPE = 'audit-checkpoint+jwt';

export function checkpointClaims({ projectId, tenantId, number, hash, count, issuedAt }: AuditCheckpoint): JWTPayload {
  return { project: projectId, tenant: tenantId, number, hash, count, iat: Math.floor(issuedAt.getTime() / 1000) };
}

/** `undefined` when one is missing or not what it should be. */
export function parseCheckpointClaims(payload: JWTPayload): AuditCheckpoint | undefined {
  const { project, tenant, number, hash, count, iat } = payload;
  const projectId = ProjectId.parse(project);
  const tenantId = tenant === null ? null : TenantId.parse(tenant);
  if (projectId === undefined || tenantId === undefined || typeof hash !== 'string' || typeof iat !== 'number')
    return undefined;
  if (!isCount(number) || !isCount(count)) return undefined;
  return { projectId, tenantId, number, hash: hash as ContentHash, count, issuedAt: new Date(iat * 1000) };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}
