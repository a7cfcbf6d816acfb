import { beforeEach, describe, expect, it } from 'vitest';
import { anIdentity } from '../support/a-provider.ts';
import { anId } from '../support/builders.ts';
import { aColleague, anOwner, aRole } from './v1-people.ts';
import { comeBy } from './v1-round-trip.ts';
import type { Answer } from './v1-world.ts';
import { type PresentedEvent, violation, webhookStage } from './webhook-stage.ts';

const { world, owner, by, deliver, rename } = webhookStage();

describe('GET /events', () => {
  const events = (query = '') => by('GET', `/events${query}`);
  const namesIn = ({ body }: Answer) => body.data.map(({ type }: { type: string }) => type);

  beforeEach(async () => {
    await deliver();
  });

  it('says what the tenant was told, oldest first', async () => {
    await rename('First');
    await aRole(world(), owner());
    await deliver();
    const { status, body } = await events('?limit=100');
    expect(status).toBe(200);
    const [renaming, role] = body.data.slice(-2);
    expect(renaming).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      type: 'tenant.updated',
      subject: { kind: 'tenant', id: owner().tenantId },
      sequence: expect.any(Number),
      tenantId: owner().tenantId,
      data: { tenantId: owner().tenantId },
      occurredAt: expect.stringMatching(/Z$/),
    });
    expect(role.type).toBe('role.created');
    expect(role.sequence).toBe(1);
  });

  it('does not say what is not published yet', async () => {
    const before = (await events('?limit=100')).body.data.length;
    await rename('Soon');
    expect((await events('?limit=100')).body.data).toHaveLength(before);
    await deliver();
    expect((await events('?limit=100')).body.data).toHaveLength(before + 1);
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ['user.registered', 'with a password', () => world().person()],
    ['user.registered', 'by a provider', () => comeBy(world(), anIdentity())],
    ['user.invited', 'by an invitation', () => aColleague(world(), owner())],
  ])('begins with %s, of whoever came %s', async (type, _, come) => {
    await deliver();
    const token = await world().owner();
    await deliver();
    const before = await lastOf(token);
    await come();
    await deliver();
    const { data } = (await world().get(`/events?limit=100&after=${before}`, token)).body;
    const beginnings = data.filter(
      ({ subject, sequence }: PresentedEvent) => subject.kind === 'user' && sequence === 1,
    );
    expect(beginnings.map(({ type }: PresentedEvent) => type)).toEqual([type]);
  });

  /** The newest event of whoever has the token. */
  async function lastOf(token: string): Promise<string | undefined> {
    let last: string | undefined;
    for (let more = true; more; ) {
      const { data, pagination } = (await world().get(`/events?limit=100${last ? `&after=${last}` : ''}`, token)).body;
      last = data.at(-1)?.id ?? last;
      more = pagination.hasMore;
    }
    return last;
  }

  it('goes on after the last event that is known, or by its cursor: nothing twice, nothing left out', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await rename(name);
    await deliver();
    const all = (await events('?limit=100')).body.data.map(({ id }: { id: string }) => id);
    for (const next of ['after', 'cursor'] as const) {
      const seen: string[] = [];
      let query = '?limit=2';
      for (let more = true; more; ) {
        const { body } = await events(query);
        seen.push(...body.data.map(({ id }: { id: string }) => id));
        more = body.pagination.hasMore;
        query = `?limit=2&${next}=${next === 'after' ? seen.at(-1) : body.pagination.nextCursor}`;
      }
      expect(seen).toEqual(all);
    }
    expect((await events(`?after=${all.at(-1)}`)).body).toEqual({
      data: [],
      pagination: { nextCursor: null, hasMore: false },
    });
  });

  it('says where it goes on', async () => {
    await rename('a');
    await rename('b');
    await deliver();
    const { headers, body } = await events('?type=tenant.updated&limit=1');
    const { nextCursor } = body.pagination;
    expect(headers.get('Link')).toBe(
      `<https://iam.example/api/v1/events?type=tenant.updated&limit=1&cursor=${nextCursor}>; rel="next"`,
    );
    expect(await events(`?limit=1&cursor=${nextCursor}`)).toMatchObject({ status: 400, problem: 'invalid-cursor' });
  });

  it('is of one kind where that is asked for', async () => {
    await rename('a');
    await aRole(world(), owner());
    await deliver();
    expect(new Set(namesIn(await events('?type=role.created')))).toEqual(new Set(['role.created']));
    expect(new Set(namesIn(await events('?type=tenant.*')))).toEqual(new Set(['tenant.created', 'tenant.updated']));
  });

  it.each([
    ['?type=role.exploded', 'type', 'NOT_ALLOWED'],
    ['?type=*', 'type', 'NOT_ALLOWED'],
    [`?after=${anId<string>()}`, 'after', 'NOT_ALLOWED'],
    ['?after=yesterday', 'after', 'INVALID_FORMAT'],
    ['?limit=101', 'limit', 'TOO_BIG'],
  ])('refuses %s', async (query, field, code) => {
    expect(await events(query)).toMatchObject(violation(field, code));
  });

  it('takes one place to go on from, not two', async () => {
    await rename('a');
    await rename('b');
    await deliver();
    const { data, pagination } = (await events('?limit=1')).body;
    expect(await events(`?after=${data[0].id}&cursor=${pagination.nextCursor}`)).toMatchObject(
      violation('after', 'NOT_ALLOWED'),
    );
  });

  it('does not go on from an event of another tenant', async () => {
    const stranger = await anOwner(world());
    await world().call('PATCH', `/tenants/${stranger.tenantId}`, { token: stranger.token, body: { name: 'Theirs' } });
    await deliver();
    const theirs = (await world().get('/events?limit=100', stranger.token)).body;
    expect(theirs.data.every(({ tenantId }: { tenantId: string }) => tenantId === stranger.tenantId)).toBe(true);
    expect(await events(`?after=${theirs.data[0].id}`)).toMatchObject(violation('after', 'NOT_ALLOWED'));
    const { nextCursor } = (await world().get('/events?limit=1', stranger.token)).body.pagination;
    expect(await events(`?cursor=${nextCursor}`)).toMatchObject({ status: 400, problem: 'invalid-cursor' });
  });
});
