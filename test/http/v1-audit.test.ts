import { beforeAll, describe, expect, it } from 'vitest';
import { CanonicalDigest } from '../../src/adapters/crypto/canonical-digest.ts';
import { JoseCheckpointReader } from '../../src/adapters/crypto/jose-checkpoint-reader.ts';
import { verifyAudit } from '../../src/application/audit/verify-audit.ts';
import type { Jwks } from '../../src/ports/token-signer.ts';
import { aColleague, anOwner, aRole, type Person } from './v1-people.ts';
import { type Answer, aV1World, PUBLIC_URL, type V1World } from './v1-world.ts';

let world: V1World;
let owner: Person;
let auditor: Person;
beforeAll(async () => {
  world = await aV1World();
  owner = await anOwner(world);
  await aRole(world, owner);
  const { slug } = await aRole(world, owner, ['audit.read']);
  auditor = await aColleague(world, owner, [slug]);
});

const records = (query = '', by: Person = owner) => world.get(`/audit/records${query}`, by.token);
const actionsOf = ({ body }: Answer): readonly string[] => body.data.map(({ action }: { action: string }) => action);

const RECORD_FIELDS = [
  'id',
  'action',
  'entityType',
  'entityId',
  'userId',
  'actorId',
  'tenantId',
  'ip',
  'userAgent',
  'before',
  'after',
  'metadata',
  'timestamp',
];

describe('GET /audit/records', () => {
  it('shows what happened in the tenant, newest first: who, what, when, from where', async () => {
    const name = { name: 'Auditors', permissions: [] };
    const { body: role } = await world.post('/roles', name, { token: owner.token, headers: { 'User-Agent': 'tests' } });
    const { status, body } = await records('?limit=1');
    expect(status).toBe(200);
    expect(Object.keys(body.data[0])).toEqual(RECORD_FIELDS);
    expect(body.data).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        action: 'role.created',
        entityType: 'role',
        entityId: role.id,
        userId: owner.id,
        actorId: owner.id,
        tenantId: owner.tenantId,
        ip: '192.0.2.1',
        userAgent: 'tests',
        before: null,
        after: expect.objectContaining({ name: 'Auditors' }),
        metadata: null,
        timestamp: world.clock.now().toISOString(),
      },
    ]);
    expect(body.pagination).toEqual({ nextCursor: expect.any(String), hasMore: true });
  });

  it('is for whoever holds audit.read; a refusal is recorded', async () => {
    expect((await records('', auditor)).status).toBe(200);
    const stranger = await aColleague(world, owner);
    expect(await records('', stranger)).toMatchObject({
      status: 403,
      problem: 'forbidden',
      body: { requiredPermission: 'audit.read' },
    });
    expect((await records('?action=auth.forbidden')).body.data).toMatchObject([
      { userId: stranger.id, actorId: stranger.id, metadata: { requiredPermission: 'audit.read' } },
    ]);
    expect((await world.get('/audit/records')).problem).toBe('token-invalid');
  });

  it('shows nothing of other tenants, whatever is asked for', async () => {
    const other = await anOwner(world);
    await aRole(world, other);
    for (const query of [`?userId=${owner.id}`, `?entityId=${owner.tenantId}`, `?tenantId=${owner.tenantId}`, '']) {
      const { body } = await records(query, other);
      for (const record of body.data) expect(record.tenantId).toBe(other.tenantId);
    }
    expect((await records(`?userId=${owner.id}`, other)).body.data).toEqual([]);
  });

  it('shows the owner of the platform what happened in no tenant', async () => {
    await world.post('/auth/login', { email: owner.email, password: 'wrong' });
    const token = await world.owner();
    const { body } = await world.get('/audit/records?action=auth.login.failed', token);
    expect(body.data).toMatchObject([{ tenantId: null, metadata: { email: owner.email } }]);
    expect((await records('?action=auth.login.failed')).body.data).toEqual([]);
  });

  it('is filtered', async () => {
    expect(actionsOf(await records('?action=role.created'))).toEqual(Array(3).fill('role.created'));
    expect(new Set(actionsOf(await records('?action=auth.*')))).not.toContain('role.created');
    expect(actionsOf(await records('?action=auth.*'))).not.toEqual([]);
    expect((await records('?action=unheard.of')).body.data).toEqual([]);
    const { body } = await records(`?entityType=user&userId=${auditor.id.toUpperCase()}&action=user.*`);
    expect(body.data).not.toEqual([]);
    for (const record of body.data) expect(record).toMatchObject({ entityType: 'user', userId: auditor.id });
    const [{ entityId }] = (await records('?entityType=role&limit=1')).body.data;
    expect((await records(`?entityId=${entityId}`)).body.data).toMatchObject([{ entityType: 'role', entityId }]);
  });

  it('is filtered by time, with any offset', async () => {
    const before = world.clock.now();
    world.clock.advance(60);
    await aRole(world, owner);
    const from = `${new Date(before.getTime() + 3600_000 + 30_000).toISOString().slice(0, 19)}%2B01:00`;
    expect(actionsOf(await records(`?from=${from}`))).toEqual(['role.created']);
    expect(actionsOf(await records(`?from=${from}&to=9999-12-31T23:59:59Z`))).toEqual(['role.created']);
    expect((await records(`?to=${before.toISOString()}&from=1970-01-01T00:00:00Z`)).body.data).toEqual([]);
  });

  it.each([
    ['action=auth', 'action'],
    ['action=*', 'action'],
    ['action=.*', 'action'],
    ['action=auth.*.x', 'action'],
    ['action=auth*', 'action'],
    ['action=AUTH.*', 'action'],
    [`action=a.${'a'.repeat(127)}`, 'action'],
    ['action=a&action=b', 'action'],
    ['entityType=Role', 'entityType'],
    ['entityType=toString', 'entityType'],
    ['entityId=', 'entityId'],
    ['entityId=%00', 'entityId'],
    ['userId=me', 'userId'],
    ['from=yesterday', 'from'],
    ['from=2026-01-01', 'from'],
    ['from=2026-01-01T00:00:00', 'from'],
    ['from=0000-01-01T00:00:00Z', 'from'],
    ['to=9999-12-31T23:59:59-01:00', 'to'],
    ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'to'],
    ['limit=0', 'limit'],
  ])('refuses what no filter can be: %s', async (query, field) => {
    const answer = await records(`?${query}`);
    expect(answer).toMatchObject({ status: 400, problem: 'validation-error', body: { errors: [{ field }] } });
  });

  it('goes page by page through what the filter shows, and with no other filter', async () => {
    const first = await records('?action=role.created&limit=2');
    const { nextCursor } = first.body.pagination;
    const link = /^<(.*)>; rel="next"$/.exec(first.headers.get('Link') ?? '')?.[1] ?? '';
    expect(link).toBe(`${PUBLIC_URL}/api/v1/audit/records?action=role.created&limit=2&cursor=${nextCursor}`);
    const second = await world.get(link.slice(PUBLIC_URL.length), owner.token);
    expect(actionsOf(second)).toEqual(['role.created', 'role.created']);
    expect(second.body.data[0].id < first.body.data[1].id).toBe(true);
    expect(second.body.pagination).toEqual({ nextCursor: null, hasMore: false });
    for (const other of ['', 'action=role.*&', 'action=role.created&from=2020-01-01T00:00:00Z&']) {
      expect((await records(`?${other}cursor=${nextCursor}`)).problem).toBe('invalid-cursor');
    }
    const stranger = await anOwner(world);
    expect((await records(`?action=role.created&cursor=${nextCursor}`, stranger)).problem).toBe('invalid-cursor');
  });
});

describe('GET /audit/export', () => {
  const sealed = async () => {
    while ((await world.iam.audit.sealAuditRecords.execute(100)) > 0);
  };
  const linesOf = ({ text }: Answer) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  async function verdictOn(answer: Answer, ...earlier: readonly unknown[]) {
    const jwks = await world.app.request('/.well-known/jwks.json');
    const checkpointReader = new JoseCheckpointReader((await jwks.json()) as Jwks);
    return verifyAudit(linesOf(answer), { contentDigest: new CanonicalDigest(), checkpointReader }, earlier);
  }

  it('is the whole trail of the tenant, which verifies with the public keys alone', async () => {
    for (let roles = 0; roles < 30; roles += 1) await aRole(world, owner);
    await sealed();
    const answer = await world.get('/audit/export', owner.token);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Content-Type')).toBe('application/x-ndjson');
    expect(answer.headers.get('Content-Disposition')).toContain('audit.ndjson');
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    const count = linesOf(answer).filter(({ type }) => type === 'record').length;
    expect(count).toBeGreaterThan(30);
    expect(await verdictOn(answer)).toMatchObject({
      chains: [{ projectId: world.platform.id, tenantId: owner.tenantId, after: 0, records: count }],
      faults: [],
    });
  });

  it('is recorded, and for whoever holds audit.export', async () => {
    expect(await world.get('/audit/export', auditor.token)).toMatchObject({
      status: 403,
      problem: 'forbidden',
      body: { requiredPermission: 'audit.export' },
    });
    expect((await world.get('/audit/checkpoints', auditor.token)).problem).toBe('forbidden');
    await world.get('/audit/export', owner.token);
    expect((await records('?limit=1')).body.data).toMatchObject([
      { action: 'audit.exported', entityType: 'tenant', entityId: owner.tenantId, actorId: owner.id },
    ]);
  });

  it('has for the owner of the platform a chain of what happened in no tenant besides', async () => {
    await sealed();
    const answer = await world.get('/audit/export', await world.owner());
    const { chains, faults } = await verdictOn(answer);
    expect(faults).toEqual([]);
    expect(chains.map(({ tenantId }) => tenantId)).toEqual([world.platform.rootTenantId, null]);
  });

  it('agrees with checkpoints that were kept, line upon line', async () => {
    await sealed();
    const kept = await world.get('/audit/checkpoints', owner.token);
    expect(kept.headers.get('Content-Type')).toBe('application/x-ndjson');
    expect(linesOf(kept)).toEqual([{ type: 'checkpoint', jws: expect.any(String) }]);
    await aRole(world, owner);
    await sealed();
    const answer = await world.get('/audit/export', owner.token);
    expect((await verdictOn(answer, ...linesOf(kept))).faults).toEqual([]);
  });

  it('is empty where nothing is sealed yet', async () => {
    const fresh = await anOwner(world);
    expect((await world.get('/audit/export', fresh.token)).text).toBe('');
    expect((await world.get('/audit/checkpoints', fresh.token)).text).toBe('');
  });

  it('breaks off where it cannot go on', async () => {
    await sealed();
    const { auditArchive } = world.ports;
    const stretch = auditArchive.stretch;
    auditArchive.stretch = () => Promise.reject(new Error('the store is gone'));
    const request = { headers: { Authorization: `Bearer ${owner.token}` } };
    try {
      const answer = await world.app.request('/api/v1/audit/export', request);
      await expect(answer.text()).rejects.toThrow('the store is gone');
    } finally {
      auditArchive.stretch = stretch;
    }
  });
});
