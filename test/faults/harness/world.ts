import type { Balancer } from './balancer.ts';
import { OWNER } from './estate.ts';

const AWAY = { limit: 1_000_000, windowSeconds: 1 };
const NO_LIMITS = { login: AWAY, register: AWAY, passwordReset: AWAY, general: AWAY };

/** A project whose people come over the Gate; over v1 they come to the platform. Request rates are out of the way. */
export interface World {
  readonly platformId: string;
  readonly projectId: string;
  /** For the Gate. */
  readonly apiKey: string;
  /** Headers of whoever administers its people. */
  readonly admin: Readonly<Record<string, string>>;
  /** A role of its root tenant. */
  readonly roleId: string;
  /** A bearer of the platform's owner. */
  readonly ownerToken: string;
}

export async function makeWorld(
  balancer: Balancer,
  settings: Readonly<Record<string, unknown>> = { emailVerificationRequired: false },
): Promise<World> {
  const call = async (
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    headers: Record<string, string>,
    json?: unknown,
  ) => {
    const { status, body } = await balancer.ask({ method, path: `/api/v1${path}`, headers, json });
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${body}`);
    return JSON.parse(body);
  };
  const { accessToken: ownerToken } = await call('POST', '/auth/login', {}, OWNER);
  const owner = { Authorization: `Bearer ${ownerToken}` };
  const platformId = claimsOf(ownerToken).pid;
  await call('PATCH', `/projects/${platformId}`, owner, { settings: { rateLimits: NO_LIMITS } });
  const project = { name: 'Fault', settings: { v1Enabled: true, rateLimits: NO_LIMITS, ...settings } };
  const { id: projectId } = await call('POST', '/projects', owner, project);
  const keyWith = async (...permissions: string[]) =>
    (await call('POST', `/projects/${projectId}/api-keys`, owner, { name: permissions.join(), permissions })).key;
  const apiKey: string = await keyWith('auth', 'client-address');
  const admin = { 'X-API-Key': await keyWith('manage'), 'X-Project-Id': projectId };
  const role = { name: 'Auditor', permissions: ['audit.read', 'audit.export'] };
  const { id: roleId } = await call('POST', '/roles', admin, role);
  return { platformId, projectId, apiKey, admin, roleId, ownerToken };
}

/** What an access token says; nobody here has to be convinced of it. */
export function claimsOf(token: string): {
  readonly sub: string;
  readonly pid: string;
  readonly tid: string;
  readonly sid: string;
  readonly roles: readonly string[];
} {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}
