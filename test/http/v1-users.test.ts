import { beforeAll, describe, expect, it } from 'vitest';
import { anId } from '../support/builders.ts';
import { aColleague, anAddress, anOwner, aRole, invitationTo, type Person } from './v1-people.ts';
import { aV1World, latest, PASSWORD, PUBLIC_URL, type V1World } from './v1-world.ts';

let world: V1World;
let owner: Person;
beforeAll(async () => {
  world = await aV1World();
  owner = await anOwner(world);
});

const create = (body: unknown, by: Person = owner, headers: Record<string, string> = {}) =>
  world.post('/users', body, { token: by.token, headers });
const patch = (id: string, body: unknown, by: Person = owner, headers: Record<string, string> = {}) =>
  world.call('PATCH', `/users/${id}`, { token: by.token, body, headers });
const remove = (id: string, by: Person = owner, headers: Record<string, string> = {}) =>
  world.call('DELETE', `/users/${id}`, { token: by.token, headers });
const read = (id: string, by: Person = owner) => world.get(`/users/${id}`, by.token);

const USER_FIELDS = [
  'id',
  'email',
  'pendingEmail',
  'firstName',
  'lastName',
  'phone',
  'avatarUrl',
  'metadata',
  'preferences',
  'tenantId',
  'roles',
  'emailVerified',
  'mfaEnabled',
  'status',
  'createdAt',
  'updatedAt',
  'deletedAt',
];

describe('POST /users', () => {
  it('invites, and answers with the person who stands in until somebody accepts', async () => {
    const email = anAddress();
    const { status, body } = await create({ email: ` ${email.toUpperCase()}`, firstName: 'Bob', roles: ['admin'] });
    expect(status).toBe(201);
    expect(Object.keys(body)).toEqual(USER_FIELDS);
    expect(body).toMatchObject({
      email,
      firstName: 'Bob',
      lastName: null,
      tenantId: owner.tenantId,
      roles: ['admin'],
      emailVerified: false,
      status: 'invited',
      deletedAt: null,
    });
    expect(await invitationTo(world, email)).toEqual(expect.any(String));
    expect((await world.post('/auth/login', { email, password: PASSWORD })).status).toBe(401);
  });

  it('gives the role member where none is named', async () => {
    expect((await create({ email: anAddress() })).body.roles).toEqual(['member']);
  });

  it('shows nothing of an account that the address has', async () => {
    const stranger = await anOwner(world);
    await world.call('PATCH', '/auth/me', { token: stranger.token, body: { firstName: 'Secretive', phone: '+44 1' } });
    const { status, body } = await create({ email: stranger.email });
    expect(status).toBe(201);
    expect(body).toMatchObject({ email: stranger.email, firstName: null, phone: null, emailVerified: false });
    expect(body.id).not.toBe(stranger.id);
  });

  it('takes nothing but what it names', async () => {
    const given = { password: PASSWORD, status: 'active', emailVerified: true, tenantId: anId<string>(), id: anId() };
    const email = anAddress();
    const { status, body } = await create({ email, ...given, metadata: { admin: true }, deletedAt: 'now' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'invited', emailVerified: false, tenantId: owner.tenantId, metadata: {} });
    expect(body.id).not.toBe(given.id);
    expect((await world.post('/auth/login', { email, password: PASSWORD })).status).toBe(401);
  });

  it('invites once for one Idempotency-Key, and repeats the answer', async () => {
    const headers = { 'Idempotency-Key': '"invite-once"' };
    const input = { email: anAddress() };
    const first = await create(input, owner, headers);
    const again = await create(input, owner, headers);
    expect(again).toMatchObject({ status: 201, text: first.text });
    expect(await create({ email: anAddress() }, owner, headers)).toMatchObject({
      status: 422,
      problem: 'idempotency-key-reused',
    });
    const mails = (await world.mailsTo(input.email)).filter(({ kind }) => kind === 'invitation');
    expect(mails).toHaveLength(1);
  });

  it('repeats no answer to somebody who may not invite any more', async () => {
    const admin = await aColleague(world, owner, ['admin']);
    const headers = { 'Idempotency-Key': 'demoted' };
    const input = { email: anAddress() };
    expect((await create(input, admin, headers)).status).toBe(201);
    await world.call('DELETE', `/users/${admin.id}/roles/admin`, { token: owner.token });
    expect(await create(input, admin, headers)).toMatchObject({
      status: 403,
      problem: 'forbidden',
      body: { requiredPermission: 'users.create' },
    });
  });

  it('says what stands in the way', async () => {
    const email = anAddress();
    await create({ email });
    expect(await create({ email })).toMatchObject({ status: 409, problem: 'invitation-pending' });
    expect(await create({ email: owner.email })).toMatchObject({ status: 409, problem: 'already-member' });
    expect(await create({ email: anAddress(), roles: ['owner'] })).toMatchObject({
      status: 409,
      problem: 'owner-protected',
    });
    expect(await create({ email: anAddress(), roles: ['nobody-made-this'] })).toMatchObject({
      status: 400,
      problem: 'validation-error',
    });
    const member = await aColleague(world, owner);
    expect(await create({ email: anAddress() }, member)).toMatchObject({
      status: 403,
      problem: 'forbidden',
      body: { requiredPermission: 'users.create' },
    });
    const { token } = await world.person();
    expect(await world.post('/users', { email: anAddress() }, { token })).toMatchObject({
      status: 403,
      problem: 'email-not-verified',
    });
  });

  it.each([
    [{}, 'email', 'REQUIRED'],
    [{ email: 'not an address' }, 'email', 'INVALID_FORMAT'],
    [{ email: 7 }, 'email', 'INVALID_TYPE'],
    [{ firstName: 'https://evil.example' }, 'firstName', 'NOT_ALLOWED'],
    [{ lastName: 'line\nbreak' }, 'lastName', 'NOT_ALLOWED'],
    [{ lastName: '' }, 'lastName', 'TOO_SHORT'],
    [{ roles: 'admin' }, 'roles', 'INVALID_TYPE'],
    [{ roles: ['Not a slug'] }, 'roles.0', 'INVALID_FORMAT'],
  ])('names what is wrong with %j', async (wrong, field, code) => {
    const given = field === 'email' ? wrong : { email: anAddress(), ...wrong };
    const answer = await create(given);
    expect(answer).toMatchObject({ status: 400, problem: 'validation-error', body: { errors: [{ field, code }] } });
  });
});

describe('GET /users', () => {
  let admin: Person;
  let members: readonly Person[];
  let invited: string;
  let boss: Person;
  beforeAll(async () => {
    boss = await anOwner(world);
    admin = await aColleague(world, boss, ['admin']);
    members = [await aColleague(world, boss), await aColleague(world, boss)];
    invited = (await create({ email: anAddress(), firstName: 'Zelda' }, boss)).body.id;
  });
  const list = (query = '', by: Person = boss) => world.get(`/users${query}`, by.token);
  const idsOf = ({ body }: Awaited<ReturnType<typeof list>>) => body.data.map(({ id }: { id: string }) => id);

  it('lists the people of the tenant, newest first, each in full', async () => {
    const { status, body } = await list();
    expect(status).toBe(200);
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual([
      invited,
      members[1]?.id,
      members[0]?.id,
      admin.id,
      boss.id,
    ]);
    for (const user of body.data) expect(Object.keys(user)).toEqual(USER_FIELDS);
    expect(body.pagination).toEqual({ nextCursor: null, hasMore: false });
  });

  it('goes on by cursor and by Link, which keeps the filter', async () => {
    const first = await list('?limit=1&status=active&search=p');
    expect(first.body.pagination).toEqual({ nextCursor: expect.any(String), hasMore: true });
    const link = /^<(.*)>; rel="next"$/.exec(first.headers.get('Link') ?? '')?.[1] ?? '';
    expect(link.startsWith(`${PUBLIC_URL}/api/v1/users?`)).toBe(true);
    expect(Object.fromEntries(new URL(link).searchParams)).toEqual({
      status: 'active',
      search: 'p',
      limit: '1',
      cursor: first.body.pagination.nextCursor,
    });
    const second = await world.get(link.slice(PUBLIC_URL.length), boss.token);
    expect(second.status).toBe(200);
    expect([...idsOf(first), ...idsOf(second)]).toEqual([members[1]?.id, members[0]?.id]);
  });

  it('takes no cursor of another filter, or of another tenant', async () => {
    const { nextCursor } = (await list('?limit=1&status=active')).body.pagination;
    const cursor = `cursor=${nextCursor}`;
    expect((await list(`?status=active&${cursor}`)).status).toBe(200);
    const refused = { status: 400, problem: 'invalid-cursor' };
    for (const other of ['', 'status=invited&', 'status=active&role=admin&', 'status=active&includeDeleted=true&']) {
      expect(await list(`?${other}${cursor}`), other).toMatchObject(refused);
    }
    expect(await list(`?status=active&${cursor}`, owner)).toMatchObject(refused);
    expect(await list('?cursor=made-up')).toMatchObject(refused);
  });

  it('finds by status, by role, and by what a name or the address begins with', async () => {
    expect(idsOf(await list('?status=invited'))).toEqual([invited]);
    expect(idsOf(await list('?role=admin'))).toEqual([admin.id]);
    expect(idsOf(await list('?role=owner&status=active'))).toEqual([boss.id]);
    expect(idsOf(await list('?search=zEl'))).toEqual([invited]);
    expect(idsOf(await list(`?search=${encodeURIComponent(admin.email.slice(0, 12))}`))).toEqual([admin.id]);
    expect(idsOf(await list('?search=nobody-at-all'))).toEqual([]);
  });

  it('shows whoever was removed to those who ask for it', async () => {
    const gone = await aColleague(world, boss);
    expect((await remove(gone.id, boss)).status).toBe(204);
    expect(idsOf(await list())).not.toContain(gone.id);
    expect(idsOf(await list('?includeDeleted=false'))).not.toContain(gone.id);
    const { body } = await list('?includeDeleted=true');
    expect(body.data.find(({ id }: { id: string }) => id === gone.id)?.deletedAt).toMatch(/Z$/);
  });

  it.each(['status=gone', 'search=', 'search=%00', 'search=a&search=b', 'role=Not+a+slug', 'includeDeleted=1'])(
    'refuses %s',
    async (query) => {
      const answer = await list(`?${query}`);
      expect(answer).toMatchObject({ status: 400, problem: 'validation-error' });
      expect(answer.body.errors).toMatchObject([{ field: query.slice(0, query.indexOf('=')) }]);
    },
  );

  it('is for whoever has users.list', async () => {
    const refused = { status: 403, problem: 'forbidden', body: { requiredPermission: 'users.list' } };
    expect(await list('', members[0])).toMatchObject(refused);
    expect((await list('', admin)).status).toBe(200);
  });
});

describe('GET /users/{id}', () => {
  it('shows the user and how much they may do, module by module', async () => {
    const { slug } = await aRole(world, owner, ['users.list', 'users.create', 'audit.*']);
    const { id } = await aColleague(world, owner, [slug]);
    const { status, body } = await read(id);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual([...USER_FIELDS, 'permissionSummary']);
    expect(body).toMatchObject({ id, roles: [slug], status: 'active', emailVerified: true });
    expect(body.permissionSummary).toEqual({ total: 5, modules: { users: 2, audit: 3 } });
  });

  it('carries a strong ETag, which spares the body while nothing changes', async () => {
    const { id } = await aColleague(world, owner);
    const etag = (await read(id)).headers.get('ETag') ?? '';
    const known = { headers: { 'If-None-Match': etag } };
    expect(await world.get(`/users/${id}`, owner.token, known)).toMatchObject({ status: 304, text: '' });
    await patch(id, { metadata: { a: 1 } });
    expect((await world.get(`/users/${id}`, owner.token, known)).status).toBe(200);
  });

  it('is 404 for nobody, for no id, and for somebody of another tenant alike', async () => {
    const other = await anOwner(world);
    for (const id of [anId<string>(), 'nonsense', other.id]) {
      const answer = await read(id);
      expect(answer, id).toMatchObject({ status: 404, problem: 'not-found' });
    }
  });
});

describe('PATCH /users/{id}', () => {
  it('changes what is given, leaves the rest, and clears what is null', async () => {
    const { id } = await aColleague(world, owner);
    const before = (await read(id)).body;
    const given = { firstName: 'Ada', avatarUrl: 'https://example.test/a.png', metadata: { seat: 4 } };
    const { status, body } = await patch(id, { ...given, lastName: 'Lovelace' });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(USER_FIELDS);
    const { permissionSummary: _, ...user } = before;
    expect(body).toEqual({ ...user, ...given, lastName: 'Lovelace', updatedAt: expect.stringMatching(/Z$/) });
    expect((await patch(id, { lastName: null })).body).toMatchObject({ ...given, lastName: null });
  });

  it('takes nothing but what it names', async () => {
    const { id } = await aColleague(world, owner);
    const { permissionSummary: _, updatedAt: __, ...before } = (await read(id)).body;
    const given = {
      id: anId<string>(),
      roles: ['owner'],
      emailVerified: false,
      mfaEnabled: true,
      preferences: { a: 1 },
      phone: '+44 1',
      tenantId: anId<string>(),
      passwordHash: 'x',
      deletedAt: '2030-01-01T00:00:00Z',
      createdAt: '2030-01-01T00:00:00Z',
    };
    const { body } = await patch(id, given);
    expect(body).toMatchObject(before);
  });

  it('is done by the first of two writers who read the same', async () => {
    const { id } = await aColleague(world, owner);
    const headers = { 'If-Match': (await read(id)).headers.get('ETag') ?? '' };
    expect((await patch(id, { firstName: 'First' }, owner, headers)).status).toBe(200);
    const second = await patch(id, { firstName: 'Second' }, owner, headers);
    expect(second).toMatchObject({ status: 412, problem: 'precondition-failed' });
    expect((await read(id)).body.firstName).toBe('First');
    expect((await patch(id, { firstName: 'Third' }, owner, { 'If-Match': '*' })).status).toBe(200);
  });

  it('changes a proven address once the new one is proven and the old one has agreed', async () => {
    const { id, email } = await aColleague(world, owner);
    const newEmail = anAddress();
    expect((await patch(id, { email: newEmail })).body).toMatchObject({ email, pendingEmail: newEmail });
    const { token: proof } = latest(await world.mailsTo(newEmail), 'email-change-link');
    const { token: consent } = latest(await world.mailsTo(email), 'email-change-consent');
    const proven = await world.post('/auth/verify-email', { token: proof });
    expect(proven).toMatchObject({ status: 200, body: { emailVerified: true, pendingEmail: newEmail } });
    expect((await read(id)).body).toMatchObject({ email, pendingEmail: newEmail });
    const agreed = await world.post('/auth/verify-email', { token: consent });
    expect(agreed).toMatchObject({ status: 200, text: '{"emailVerified":true}' });
    expect((await read(id)).body).toMatchObject({ email: newEmail, pendingEmail: null });
  });

  it('disables, which ends what is open, and enables', async () => {
    const { id, email, token } = await aColleague(world, owner);
    expect((await patch(id, { status: 'disabled' })).body.status).toBe('disabled');
    expect((await world.get('/auth/me', token)).status).toBe(401);
    const login = () => world.post('/auth/login', { email, password: PASSWORD });
    expect(await login()).toMatchObject({ status: 403, problem: 'account-disabled' });
    expect((await patch(id, { status: 'active' })).body.status).toBe('active');
    expect((await login()).status).toBe(200);
  });

  it('governs the membership alone of somebody who belongs to another tenant too', async () => {
    const stranger = await anOwner(world);
    await create({ email: stranger.email });
    const token = await invitationTo(world, stranger.email);
    expect((await world.post('/auth/accept-invite', { token }, { token: stranger.token })).status).toBe(201);
    for (const change of [
      { firstName: 'Mine' },
      { lastName: null },
      { email: anAddress() },
      { avatarUrl: 'https://example.test/a.png' },
      { metadata: { seat: 4 } },
    ]) {
      expect(await patch(stranger.id, change), JSON.stringify(change)).toMatchObject({
        status: 403,
        problem: 'forbidden',
      });
    }
    // What they hold at home is more than anybody here but another owner has.
    expect((await patch(stranger.id, { status: 'disabled' })).body.status).toBe('disabled');
    expect((await world.get('/auth/me', stranger.token)).body.status).toBe('active');
  });

  it('protects the owner, and whoever holds more than the caller', async () => {
    const admin = await aColleague(world, owner, ['admin']);
    expect(await patch(owner.id, { status: 'disabled' })).toMatchObject({ status: 409, problem: 'owner-protected' });
    expect(await patch(owner.id, { firstName: 'Mallory' }, admin)).toMatchObject({ status: 403, problem: 'forbidden' });
    const member = await aColleague(world, owner);
    expect(await patch(admin.id, { firstName: 'Mallory' }, member)).toMatchObject({
      status: 403,
      body: { requiredPermission: 'users.update' },
    });
  });

  it('is 404 for nobody, and for somebody of another tenant', async () => {
    const other = await anOwner(world);
    for (const id of [anId<string>(), 'nonsense', other.id]) {
      expect(await patch(id, { firstName: 'x' }), id).toMatchObject({ status: 404, problem: 'not-found' });
    }
    expect((await world.get('/auth/me', other.token)).body.firstName).toBeNull();
  });

  it.each([
    [{ status: 'invited' }, 'status', 'NOT_ALLOWED'],
    [{ status: 'locked' }, 'status', 'NOT_ALLOWED'],
    [{ status: null }, 'status', 'NOT_ALLOWED'],
    [{ avatarUrl: 'javascript:alert(1)' }, 'avatarUrl', 'INVALID_FORMAT'],
    [{ avatarUrl: 'ftp://example.test/a.png' }, 'avatarUrl', 'INVALID_FORMAT'],
    [{ firstName: 'a://b' }, 'firstName', 'NOT_ALLOWED'],
    [{ firstName: 'x'.repeat(129) }, 'firstName', 'TOO_LONG'],
    [{ email: null }, 'email', 'INVALID_TYPE'],
    [{ metadata: [] }, 'metadata', 'INVALID_TYPE'],
    [{ metadata: { text: 'x'.repeat(16 * 1024) } }, 'metadata', 'TOO_LONG'],
  ])('names what is wrong with %j', async (wrong, field, code) => {
    const answer = await patch(owner.id, wrong);
    expect(answer).toMatchObject({ status: 400, problem: 'validation-error', body: { errors: [{ field, code }] } });
  });
});

describe('DELETE /users/{id}', () => {
  it('ends sessions and sign-in, and is undone by restoring, with PATCH or POST', async () => {
    for (const method of ['PATCH', 'POST']) {
      const { id, email, token } = await aColleague(world, owner);
      const login = () => world.post('/auth/login', { email, password: PASSWORD });
      expect(await remove(id)).toMatchObject({ status: 204, text: '' });
      expect((await world.get('/auth/me', token)).status).toBe(401);
      expect(await login()).toMatchObject({ status: 403, problem: 'account-disabled' });
      expect((await read(id)).body.deletedAt).toMatch(/Z$/);
      const restored = await world.call(method, `/users/${id}/restore`, { token: owner.token });
      expect(restored).toMatchObject({ status: 200, body: { id, deletedAt: null, status: 'active' } });
      expect(Object.keys(restored.body)).toEqual(USER_FIELDS);
      expect((await login()).status).toBe(200);
    }
  });

  it('is done only while the person is as the caller has read them', async () => {
    const { id } = await aColleague(world, owner);
    const headers = { 'If-Match': (await read(id)).headers.get('ETag') ?? '' };
    await patch(id, { firstName: 'Changed' });
    expect(await remove(id, owner, headers)).toMatchObject({ status: 412, problem: 'precondition-failed' });
    const now = { 'If-Match': (await read(id)).headers.get('ETag') ?? '' };
    expect((await remove(id, owner, now)).status).toBe(204);
  });

  it('is undone only while the person is as the caller has read them', async () => {
    const { id } = await aColleague(world, owner);
    const before = (await read(id)).headers.get('ETag') ?? '';
    await remove(id);
    const restore = (etag: string) =>
      world.call('PATCH', `/users/${id}/restore`, { token: owner.token, headers: { 'If-Match': etag } });
    expect(await restore(before)).toMatchObject({ status: 412, problem: 'precondition-failed' });
    expect((await restore((await read(id)).headers.get('ETag') ?? '')).status).toBe(200);
  });

  it('protects the owner, and finds nobody of another tenant', async () => {
    expect(await remove(owner.id)).toMatchObject({ status: 409, problem: 'owner-protected' });
    const other = await anOwner(world);
    for (const id of [other.id, anId<string>(), 'nonsense']) {
      expect(await remove(id), id).toMatchObject({ status: 404, problem: 'not-found' });
      const restore = await world.call('PATCH', `/users/${id}/restore`, { token: owner.token });
      expect(restore, id).toMatchObject({ status: 404, problem: 'not-found' });
    }
    expect((await world.get('/auth/me', other.token)).status).toBe(200);
  });

  it('takes users.delete, and restoring users.update', async () => {
    const { slug } = await aRole(world, owner, ['users.list']);
    const reader = await aColleague(world, owner, [slug]);
    const { id } = await aColleague(world, owner);
    expect(await remove(id, reader)).toMatchObject({ status: 403, body: { requiredPermission: 'users.delete' } });
    expect(await world.post(`/users/${id}/restore`, undefined, { token: reader.token })).toMatchObject({
      status: 403,
      body: { requiredPermission: 'users.update' },
    });
  });
});
