import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Estate, OWNER } from './estate.ts';
import { claimsOf, type World } from './world.ts';

/** Somebody who may exports the trail of the project's people, and `castellan audit verify` finds nothing wrong. */
export async function assertTrailVerifies(estate: Estate, { projectId, apiKey, admin, roleId }: World) {
  const { balancer } = estate;
  const post = async (path: string, headers: Record<string, string>, json: unknown) => {
    const { status, body } = await balancer.ask({ method: 'POST', path: `/api/v1${path}`, headers, json });
    expect(status, body).toBeLessThan(300);
    return JSON.parse(body);
  };
  const inspector = { email: `inspector-${randomBytes(4).toString('hex')}@example.com`, password: OWNER.password };
  const gate = { 'X-API-Key': apiKey, 'X-Client-Address': '10.4.0.1' };
  const { access_token: token } = await post(`/gate/${projectId}/auth/register`, gate, inspector);
  await post(`/users/${claimsOf(token).sub}/roles`, admin, { role: roleId });
  const { accessToken } = await post('/auth/login', { 'X-Project-Id': projectId }, inspector);

  const headers = { Authorization: `Bearer ${accessToken}` };
  const trail = await balancer.ask({ method: 'GET', path: '/api/v1/audit/export', headers });
  const keys = await balancer.ask({ method: 'GET', path: `/api/v1/pub/${projectId}/.well-known/jwks.json` });
  const folder = await mkdtemp(join(tmpdir(), 'castellan-trail-'));
  const [export_, jwks] = [join(folder, 'audit.ndjson'), join(folder, 'jwks.json')];
  try {
    await writeFile(export_, trail.body);
    await writeFile(jwks, keys.body);
    const { code, out, error } = await estate.command(['audit', 'verify', export_, '--jwks', jwks]);
    expect({ code, said: out + error }).toMatchObject({ code: 0 });
  } finally {
    await rm(folder, { recursive: true });
  }
}
