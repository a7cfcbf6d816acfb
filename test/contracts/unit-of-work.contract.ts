import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  aMembership,
  anAuditEntry,
  anEmail,
  anId,
  aOneTimeToken,
  aProject,
  aSession,
  aUser,
} from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { seedProject, seedUser } from '../support/seeds.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

const LEASE_SECONDS = 60;

/** Atomicity, isolation, lost races, events and audit. */
export function describeUnitOfWorkContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`unit of work: ${name}`, () => {
    const now = new Date();
    let subject: StoreSubject;

    beforeEach(async () => {
      subject = await makeSubject();
    });
    afterEach(async () => {
      await subject.dispose();
    });

    /** Every message so far, in order; claimed, so that the next call tells only what is new. */
    const newEvents = async () => {
      const messages = await subject.outboxFeed.claim(1000, LEASE_SECONDS, secondsAfter(now, LEASE_SECONDS / 2));
      return messages.map((message) => message.event);
    };

    it('answers what the work returned', async () => {
      await expect(subject.unitOfWork.run(async () => 'answer')).resolves.toBe('answer');
    });

    it('shows what was saved, whole, to whoever reads after it', async () => {
      const place = await seedProject(subject.unitOfWork, now);
      const user = await seedUser(subject.unitOfWork, now, place, { metadata: { plan: { seats: 3 } } });

      expect(await subject.userDirectory.byId(place.projectId, user.id)).toEqual(user.toState());
      await subject.unitOfWork.run(async ({ users }) => {
        const read = await users.byId(place.projectId, user.id);
        expect(read?.toState()).toEqual(user.toState());
      });
    });

    it('answers one aggregate for one row, which may be guarded and changed at once', async () => {
      const place = await seedProject(subject.unitOfWork, now);
      const { id } = await seedUser(subject.unitOfWork, now, place);

      await subject.unitOfWork.run(async ({ users, requireUnchanged }) => {
        const user = await users.byId(place.projectId, id);
        if (user === undefined) throw new Error('no user');
        requireUnchanged(user);
        const again = await users.byId(place.projectId, id);
        expect(again).toBe(user);
        again?.changeProfile({ firstName: 'Ada' }, now);
        users.save(user);
      });
      expect((await subject.userDirectory.byId(place.projectId, id))?.firstName).toBe('Ada');
    });

    it('shows nothing before the work has returned, not even to itself', async () => {
      const place = await seedProject(subject.unitOfWork, now);
      const user = aUser(now, { projectId: place.projectId });

      await subject.unitOfWork.run(async ({ users }) => {
        users.save(user);
        expect(await users.byId(place.projectId, user.id)).toBeUndefined();
        expect(await subject.userDirectory.byId(place.projectId, user.id)).toBeUndefined();
      });
      expect(await subject.userDirectory.byId(place.projectId, user.id)).toBeDefined();
    });

    it('leaves nothing when the work throws', async () => {
      const place = await seedProject(subject.unitOfWork, now);
      await newEvents();
      const user = aUser(now, { projectId: place.projectId });
      const refusal = new Error('refused');

      await expect(
        subject.unitOfWork.run(async ({ users, audit }) => {
          users.save(user);
          audit.record(anAuditEntry(now, { projectId: place.projectId }));
          throw refusal;
        }),
      ).rejects.toBe(refusal);

      expect(await subject.userDirectory.byId(place.projectId, user.id)).toBeUndefined();
      expect(await newEvents()).toEqual([]);
      expect(await subject.auditRecords()).toEqual([]);
    });

    it('leaves nothing of many changes when one of them fails: no row, no seat, no event, no audit record', async () => {
      const place = await seedProject(subject.unitOfWork, now);
      const holder = await seedUser(subject.unitOfWork, now, place);
      const token = aOneTimeToken(now, { projectId: place.projectId, userId: holder.id });
      await subject.unitOfWork.run(async ({ oneTimeTokens }) => oneTimeTokens.save(token));
      await newEvents();
      const other = aUser(now, { projectId: place.projectId });
      const second = aUser(now, { projectId: place.projectId, email: holder.toState().email ?? anEmail() });
      const session = aSession(now, { ...place, userId: holder.id });

      await expect(
        subject.unitOfWork.run(async ({ users, memberships, seats, refreshTokens, oneTimeTokens, audit, events }) => {
          const read = await users.byId(place.projectId, holder.id);
          const found = await oneTimeTokens.ofUser(place.projectId, holder.id, 'reset-password-link');
          if (!read || !found) throw new Error('not seeded');
          read.changeProfile({ firstName: 'Grace' }, now);
          users.save(other);
          memberships.save(aMembership(now, { ...place, userId: other.id }));
          users.save(read);
          oneTimeTokens.spend(found);
          refreshTokens.save(session);
          seats.take(place.projectId, null);
          events.record({
            type: 'password-reset-requested',
            projectId: place.projectId,
            email: 'a@example.test',
            dialect: 'v1',
            occurredAt: now.toISOString(),
          });
          audit.record(anAuditEntry(now, { projectId: place.projectId }));
          users.save(second);
        }),
      ).rejects.toMatchObject({ code: 'email-already-registered' });

      expect(await subject.userDirectory.byId(place.projectId, other.id)).toBeUndefined();
      expect(await subject.userDirectory.byId(place.projectId, holder.id)).toEqual(holder.toState());
      expect(await subject.sessionDirectory.standing(place.projectId, session.id)).toBeUndefined();
      await subject.unitOfWork.run(async ({ oneTimeTokens, seats }) => {
        expect(await oneTimeTokens.ofUser(place.projectId, holder.id, 'reset-password-link')).toBeDefined();
        expect(await seats.taken(place.projectId)).toBe(0);
      });
      expect(await newEvents()).toEqual([]);
      expect(await subject.auditRecords()).toEqual([]);
    });

    it('runs the work again on fresh state when somebody else was first', async () => {
      const place = await seedProject(subject.unitOfWork, now);
      const user = await seedUser(subject.unitOfWork, now, place);
      let runs = 0;

      await subject.unitOfWork.run(async ({ users }) => {
        runs += 1;
        const read = await users.byId(place.projectId, user.id);
        if (!read) throw new Error('not seeded');
        if (runs === 1) await endSessions(subject, place.projectId, user.id);
        read.changeProfile({ lastName: 'Lovelace' }, now);
        users.save(read);
      });

      expect(runs).toBe(2);
      expect(await subject.userDirectory.byId(place.projectId, user.id)).toMatchObject({
        lastName: 'Lovelace',
        sessionEpoch: 1,
      });
    });

    it('gives up with conflict when the work lost again after three more runs', async () => {
      const place = await seedProject(subject.unitOfWork, now);
      const user = await seedUser(subject.unitOfWork, now, place);
      let runs = 0;

      await expect(
        subject.unitOfWork.run(async ({ users }) => {
          runs += 1;
          const read = await users.byId(place.projectId, user.id);
          if (!read) throw new Error('not seeded');
          await endSessions(subject, place.projectId, user.id);
          read.changeProfile({ lastName: 'Lovelace' }, now);
          users.save(read);
        }),
      ).rejects.toMatchObject({ code: 'conflict' });

      expect(runs).toBe(4);
      expect(await subject.userDirectory.byId(place.projectId, user.id)).toMatchObject({ lastName: null });
    });

    it('inserts what was not read, and never over a row that is there', async () => {
      const place = await seedProject(subject.unitOfWork, now);
      const user = await seedUser(subject.unitOfWork, now, place);
      const imposter = aUser(now, { projectId: place.projectId, id: user.id, firstName: 'Mallory' });

      await expect(subject.unitOfWork.run(async ({ users }) => users.save(imposter))).rejects.toMatchObject({
        code: 'conflict',
      });
      expect(await subject.userDirectory.byId(place.projectId, user.id)).toEqual(user.toState());
    });

    it('does not bring back what was removed since it was read', async () => {
      const place = await seedProject(subject.unitOfWork, now);
      const user = await seedUser(subject.unitOfWork, now, place);

      await subject.unitOfWork.run(async ({ users }) => {
        const read = await users.byId(place.projectId, user.id);
        if (!read) return;
        await subject.unitOfWork.run(async (inner) => {
          const same = await inner.users.byId(place.projectId, user.id);
          if (same) inner.users.remove(same);
        });
        read.changeProfile({ lastName: 'Lovelace' }, now);
        users.save(read);
      });

      expect(await subject.userDirectory.byId(place.projectId, user.id)).toBeUndefined();
    });

    it('fails like a lost race when a guarded aggregate was saved since it was read', async () => {
      const place = await seedProject(subject.unitOfWork, now);
      const user = await seedUser(subject.unitOfWork, now, place);
      const session = aSession(now, { ...place, userId: user.id });
      let runs = 0;

      await expect(
        subject.unitOfWork.run(async ({ users, refreshTokens, requireUnchanged }) => {
          runs += 1;
          const read = await users.byId(place.projectId, user.id);
          if (!read) throw new Error('not seeded');
          requireUnchanged(read);
          refreshTokens.save(session);
          await endSessions(subject, place.projectId, user.id);
        }),
      ).rejects.toMatchObject({ code: 'conflict' });

      expect(runs).toBe(4);
      expect(await subject.sessionDirectory.standing(place.projectId, session.id)).toBeUndefined();
    });

    it('fails like that also when the guarded aggregate was saved as it was', async () => {
      const place = await seedProject(subject.unitOfWork, now);
      const user = await seedUser(subject.unitOfWork, now, place);
      let runs = 0;

      await subject.unitOfWork.run(async ({ users, refreshTokens, requireUnchanged }) => {
        runs += 1;
        const read = await users.byId(place.projectId, user.id);
        if (!read) throw new Error('not seeded');
        requireUnchanged(read);
        refreshTokens.save(aSession(now, { ...place, userId: user.id }));
        if (runs > 1) return;
        await subject.unitOfWork.run(async (inner) => {
          const same = await inner.users.byId(place.projectId, user.id);
          if (same) inner.users.save(same);
        });
      });

      expect(runs).toBe(2);
    });

    it('lets a guard stand beside anything that does not save the guarded aggregate', async () => {
      const place = await seedProject(subject.unitOfWork, now);
      const user = await seedUser(subject.unitOfWork, now, place);
      const session = aSession(now, { ...place, userId: user.id });
      let runs = 0;

      await subject.unitOfWork.run(async ({ users, refreshTokens, requireUnchanged }) => {
        runs += 1;
        const read = await users.byId(place.projectId, user.id);
        if (!read) throw new Error('not seeded');
        requireUnchanged(read);
        refreshTokens.save(session);
        await subject.unitOfWork.run(async (inner) => {
          inner.refreshTokens.save(aSession(now, { ...place, userId: user.id }));
        });
      });

      expect(runs).toBe(1);
      expect(await subject.sessionDirectory.standing(place.projectId, session.id)).toBeDefined();
    });

    it('tells each recorded event once a commit, in order, under an id of its own', async () => {
      const place = await seedProject(subject.unitOfWork, now);
      const user = await seedUser(subject.unitOfWork, now, place);
      await newEvents();

      await subject.unitOfWork.run(async ({ users, events }) => {
        const read = await users.byId(place.projectId, user.id);
        if (!read) throw new Error('not seeded');
        read.proveMailbox(now);
        read.changeProfile({ lastName: 'Lovelace' }, now);
        users.save(read);
        events.record({
          type: 'password-reset-requested',
          projectId: place.projectId,
          email: 'a@example.test',
          dialect: 'gate',
          occurredAt: now.toISOString(),
        });
      });

      const messages = await subject.outboxFeed.claim(100, LEASE_SECONDS, secondsAfter(now, LEASE_SECONDS / 2));
      const aboutUser = { projectId: place.projectId, userId: user.id, occurredAt: now.toISOString() };
      expect(messages.filter(({ event }) => 'userId' in event).map(({ event }) => event)).toEqual([
        { type: 'email-verified', ...aboutUser },
        { type: 'profile-changed', ...aboutUser },
      ]);
      expect(messages.map(({ event }) => event.type).sort()).toEqual([
        'email-verified',
        'password-reset-requested',
        'profile-changed',
      ]);
      expect(new Set(messages.map(({ id }) => id)).size).toBe(3);
      for (const { id } of messages) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21,}$/);
    });

    it('tells the events of the run that was committed, and of an aggregate that outlived a lost run', async () => {
      const place = await seedProject(subject.unitOfWork, now);
      const user = await seedUser(subject.unitOfWork, now, place);
      await newEvents();
      const madeOutside = aUser(now, { projectId: place.projectId });
      let runs = 0;

      await subject.unitOfWork.run(async ({ users, audit }) => {
        runs += 1;
        const read = await users.byId(place.projectId, user.id);
        if (!read) throw new Error('not seeded');
        if (runs === 1) await endSessions(subject, place.projectId, user.id);
        read.changeProfile({ lastName: `run ${runs}` }, now);
        users.save(read);
        users.save(madeOutside);
        audit.record(anAuditEntry(now, { projectId: place.projectId, metadata: { runs } }));
      });

      expect((await newEvents()).map(({ type }) => type).sort()).toEqual(['profile-changed', 'user-registered']);
      expect(await subject.auditRecords()).toMatchObject([{ metadata: { runs: 2 } }]);
    });

    it('keeps audit records as they were given, in the commit of the change', async () => {
      const place = await seedProject(subject.unitOfWork, now);
      const entry = anAuditEntry(now, {
        projectId: place.projectId,
        tenantId: place.tenantId,
        entityId: anId(),
        userId: anId(),
        actorId: anId(),
        userAgent: 'test',
        before: { name: 'a' },
        after: { name: 'b', deep: [1, null] },
        metadata: { why: 'because' },
      });

      await subject.unitOfWork.run(async ({ audit }) => audit.record(entry));

      expect(await subject.auditRecords()).toEqual([entry]);
    });

    it('commits a whole project at once', async () => {
      const { project, tenant, roles } = aProject(now);

      await subject.unitOfWork.run(async (repositories) => {
        for (const role of roles) repositories.roles.save(role);
        repositories.tenants.save(tenant);
        repositories.projects.save(project);
      });

      expect(await subject.projectDirectory.byId(project.id)).toEqual(project.toState());
      expect(await subject.tenantDirectory.byId(project.id, tenant.id)).toEqual(tenant.toState());
    });
  });
}

async function endSessions(
  { unitOfWork }: StoreSubject,
  projectId: Parameters<StoreSubject['userDirectory']['byId']>[0],
  userId: Parameters<StoreSubject['userDirectory']['byId']>[1],
): Promise<void> {
  await unitOfWork.run(async ({ users }) => {
    const user = await users.byId(projectId, userId);
    if (!user) throw new Error('no such user');
    user.endSessions(new Date());
    users.save(user);
  });
}
