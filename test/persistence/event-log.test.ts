import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import { Database, type PersistencePorts, persistencePorts } from '../../src/adapters/persistence/index.ts';
import type { User } from '../../src/domain/user/user.ts';
import type { EventId } from '../../src/domain/webhook/public-event.ts';
import { attested } from '../support/attested.ts';
import { aSession, aWebhook } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { type Place, seedProject, seedUser } from '../support/seeds.ts';
import { migratedTemplate } from './template.ts';

const CROWD = 20_000;

describeWithPostgres('the event log on a server', () => {
  const now = new Date();
  const statements: { readonly text: string; readonly params: unknown[] }[] = [];
  let pool: pg.Pool;
  let ports: PersistencePorts;
  let place: Place;
  let user: User;

  beforeAll(async () => {
    pool = new pg.Pool({ connectionString: (await freshDatabase(migratedTemplate)).url, max: 6 });
    const logQuery = (text: string, params: unknown[]) => void statements.push({ text, params });
    const database = new Database(drizzle(pool, { logger: { logQuery } }), { prepare: true });
    ports = persistencePorts(database, { idGenerator: new UuidV7Generator(), attested });
  });
  afterAll(() => pool.end());
  beforeEach(async () => {
    place = await seedProject(ports.unitOfWork, now);
    user = await seedUser(ports.unitOfWork, now, place);
    await publish();
  });

  async function publish(): Promise<void> {
    while ((await ports.eventLog.publish(1000, now)) > 0);
  }
  function signIn(person = user): Promise<void> {
    const session = aSession(now, { ...place, userId: person.id });
    return ports.unitOfWork.run(async ({ refreshTokens }) => refreshTokens.save(session));
  }
  const page = (after?: EventId) =>
    ports.eventLog.page(place, { after, type: 'session.*', limit: 100 }).then((found) => found?.items ?? []);

  /** Signs somebody in, and leaves the commit hanging when it has its place in the order, until it is let go. */
  async function signInSlowly(person: User): Promise<{ letGo: () => Promise<void> }> {
    const client = await pool.connect();
    await client.query('begin');
    // What points to a row is looked at last: the commit waits there, its event written.
    await client.query('select 1 from users where id = $1 for update', [person.id]);
    const signingIn = signIn(person);
    const isWaiting = async () => {
      const { rows } = await pool.query(`select 1 from pg_locks where not granted`);
      return rows.length;
    };
    await expect.poll(isWaiting).toBe(1);
    return {
      letGo: async () => {
        await client.query('commit');
        client.release();
        await signingIn;
      },
    };
  }

  it('lets nobody who reads on miss a commit that took longer than one that came after it', async () => {
    const [slow, quick] = [user, await seedUser(ports.unitOfWork, now, place)];
    await publish();
    const handedOut = async () => {
      const { rows } = await pool.query<{ last: string }>(
        'select last_value as last from unpublished_events_ordinal_seq',
      );
      return Number(rows[0]?.last);
    };
    const before = await handedOut();
    const late = await signInSlowly(slow);
    const ofSlow = await handedOut();
    expect(ofSlow).toBeGreaterThan(before);
    await signIn(quick);
    expect(await handedOut()).toBeGreaterThan(ofSlow);
    await publish();
    const [seen, ...others] = await page();
    expect(seen?.subject.id).toBe(quick.id);
    expect(others).toEqual([]);

    await late.letGo();
    await publish();
    expect((await page(seen?.id)).map(({ subject }) => subject.id)).toEqual([slow.id]);
  });

  it('keeps whoever publishes from waiting for a commit that is under way', async () => {
    const late = await signInSlowly(user);
    expect(await ports.eventLog.publish(10, now)).toBe(0);
    await late.letGo();
    expect(await ports.eventLog.publish(10, now)).toBe(1);
  });

  it('keeps whoever commits from waiting for somebody who publishes', async () => {
    await signIn();
    const publisher = await pool.connect();
    await publisher.query('begin');
    await publisher.query('select 1 from unpublished_events for update');
    await publisher.query('select 1 from event_heads for update');
    await signIn();
    await publisher.query('commit');
    publisher.release();
    await publish();
    expect((await page()).map(({ sequence }) => sequence)).toEqual([2, 3]);
  });

  it('publishes nothing twice where a second publisher has waited for the first', async () => {
    for (let count = 0; count < 4; count += 1) await signIn();
    const first = await pool.connect();
    await first.query('begin');
    await first.query('select 1 from event_heads for update');
    const waiting = [ports.eventLog.publish(2, now), ports.eventLog.publish(2, now), ports.eventLog.publish(2, now)];
    const waitingNow = async () =>
      (
        await pool.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
      ).rows.length;
    await expect.poll(waitingNow, { timeout: 10_000 }).toBe(waiting.length);
    await first.query('commit');
    first.release();

    const counts = (await Promise.all(waiting)).toSorted();
    expect(counts).toEqual([0, 0, 2]);
    await publish();
    expect((await page()).map(({ sequence }) => sequence)).toEqual([2, 3, 4, 5]);
  });

  describe('with much in it', () => {
    interface Plan {
      readonly 'Node Type': string;
      readonly 'Relation Name'?: string;
      readonly 'Index Name'?: string;
      readonly 'Actual Rows': number;
      readonly Plans?: readonly Plan[];
    }
    const parts = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(parts)];
    const walked = (plans: readonly Plan[]) =>
      plans.flatMap((plan) => (plan['Node Type'] === 'Seq Scan' ? (plan['Relation Name'] ?? []) : []));
    const LARGE = ['events', 'event_streams', 'webhook_deliveries'];

    /** Of what is sent meanwhile. */
    async function plansOf(act: () => Promise<unknown>): Promise<readonly (readonly Plan[])[]> {
      statements.length = 0;
      await act();
      const plans: Plan[] = [];
      for (const { text, params } of [...statements]) {
        const client = await pool.connect();
        await client.query('begin');
        const { rows } = await client.query(`explain (analyze, format json) ${text}`, params);
        await client.query('rollback');
        client.release();
        plans.push(rows[0]['QUERY PLAN'][0].Plan);
      }
      return plans.map(parts);
    }

    beforeAll(async () => {
      const [busy, quiet] = [await seedProject(ports.unitOfWork, now), await seedProject(ports.unitOfWork, now)];
      await publish();
      const webhooks = Array.from({ length: 20 }, () => aWebhook(now, { ...busy, eventTypes: ['user.*'] }));
      await ports.unitOfWork.run(async ({ webhookEndpoints }) => {
        for (const webhook of [...webhooks, aWebhook(now, { ...quiet, eventTypes: ['user.*'] })])
          webhookEndpoints.save(webhook);
      });
      await publish();
      // As it is after some days, with receivers that are away.
      await pool.query(
        `with told as (
           insert into events (id, project_id, subject_kind, subject_id, type, data, occurred_at, reader_id, position, sequence)
           select gen_random_uuid(), $1, 'user', 'user' || n % 1000, 'user.registered', '{}',
             now() - make_interval(secs => ${CROWD} - n), $2, n + 1000, 1 + n / 1000 from generate_series(0, ${CROWD} - 1) n
           returning project_id, reader_id, id
         ) insert into webhook_deliveries (project_id, tenant_id, webhook_id, event_id, status, attempts, next_attempt_at)
         select project_id, reader_id, ($3::uuid[])[1 + (hashtext(id::text) & 15)], id, 'pending', 1, now() + interval '1 hour'
         from told`,
        [busy.projectId, busy.tenantId, webhooks.map((webhook) => webhook.toState().id)],
      );
      await pool.query(
        `insert into event_streams (project_id, reader_id, subject_kind, subject_id, last)
         select $1, $2, 'user', 'user' || n, ${CROWD / 1000} from generate_series(0, 999) n`,
        [busy.projectId, busy.tenantId],
      );
      await pool.query('analyze');
    });

    it('reads once, and nothing that was there before, to see that there is nothing to publish, or to deliver', async () => {
      const plans = await plansOf(async () => {
        expect(await ports.eventLog.publish(100, now)).toBe(0);
        expect(await ports.webhookDeliveries.claim({ limit: 10, perEndpoint: 4, leaseSeconds: 60 }, now)).toEqual([]);
      });
      expect(plans).toHaveLength(2);
      const tables = plans.map((plan) => plan.flatMap((part) => part['Relation Name'] ?? []));
      expect(tables).toEqual([['unpublished_events'], ['webhook_deliveries']]);
      expect(walked(plans.flat()).filter((table) => LARGE.includes(table))).toEqual([]);
      for (const part of plans.flat()) expect(part['Actual Rows']).toBe(0);
    });

    it('walks no large table to publish, to deliver, to read on and to forget', async () => {
      await signIn();
      const later = secondsAfter(new Date(), 2 * 3600);
      const limits = { limit: 10, perEndpoint: 4, leaseSeconds: 60 };
      let claimed = 0;
      const plans = await plansOf(async () => {
        expect(await ports.eventLog.publish(100, now)).toBe(1);
        const due = await ports.webhookDeliveries.claim(limits, later);
        claimed = due.length;
        for (const delivery of due.slice(0, 1)) {
          const outcome = { status: 'delivered', nextAttemptAt: null, lastStatus: 204, lastError: null } as const;
          await ports.webhookDeliveries.settle(delivery, outcome, later);
          const { projectId, tenantId, id } = delivery.endpoint;
          const reader = { projectId, tenantId };
          await ports.webhookDeliveries.page(projectId, tenantId, id, { after: delivery.event.id, limit: 20 });
          for (const type of [undefined, 'user.registered', 'user.*'])
            await ports.eventLog.page(reader, { after: delivery.event.id, type, limit: 20 });
        }
        await ports.eventLog.forget(secondsAfter(now, -CROWD + 10), 5);
      });
      expect(claimed).toBe(10);
      expect(plans.length).toBeGreaterThan(10);
      expect(walked(plans.flat()).filter((table) => LARGE.includes(table))).toEqual([]);
    });

    it('looks at a handful of deliveries to claim some, however many wait', async () => {
      const later = secondsAfter(new Date(), 2 * 3600);
      const [, claim] = await plansOf(() =>
        ports.webhookDeliveries.claim({ limit: 10, perEndpoint: 4, leaseSeconds: 60 }, later),
      );
      const looked = (claim ?? []).filter((part) => part['Relation Name'] === 'webhook_deliveries');
      expect(looked.length).toBeGreaterThan(0);
      for (const part of looked) expect(part['Actual Rows']).toBeLessThanOrEqual(20);
    });
  });
});
