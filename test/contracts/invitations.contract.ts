import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IamError } from '../../src/domain/errors.ts';
import { Invitation, type InvitationId, type InvitationState } from '../../src/domain/tenant/invitation.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import type { PendingInvitation } from '../../src/ports/directories/invitation-directory.ts';
import { aDigest, anEmail, anId } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { everyPage } from '../support/every-page.ts';
import { type Place, seedProject, seedTenant, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { anInvitation, changeUser, type Invited, saveInvited, seedInvitation, seedRole } from '../support/tenancy.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

const HOUR = 60 * 60;

/** Offers to join, and the places that are kept for whoever was invited. */
export function describeInvitationsContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`invitations: ${name}`, () => {
    const now = new Date();
    const later = secondsAfter(now, HOUR);
    let subject: StoreSubject;
    let place: Place;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const run: StoreSubject['unitOfWork']['run'] = (work) => subject.unitOfWork.run(work);
    const invite = (
      ...given: Parameters<typeof anInvitation> extends [unknown, unknown, ...infer Rest] ? Rest : never
    ) => seedInvitation(subject.unitOfWork, now, place, ...given);
    const find = ({ projectId, tenantId, id }: InvitationState) =>
      run(async ({ invitations }) => (await invitations.byId(projectId, tenantId, id))?.toState());

    async function change(state: InvitationState, verb: (invitation: Invitation) => void): Promise<void> {
      await run(async ({ invitations }) => {
        const found = await invitations.byId(state.projectId, state.tenantId, state.id);
        if (!found) throw new Error('not seeded');
        verb(found);
        invitations.save(found);
      });
    }

    it.each([
      ['a person', () => anId<UserId>()],
      ['a back end', () => null],
    ])('of %s come back as they were saved, however they are looked for', async (_whose, invitedBy) => {
      const { invitation, placeholder } = await invite({ invitedBy: invitedBy() });
      const digest = aDigest();
      await change(invitation.toState(), (found) => found.carry(digest));
      const expected = { ...invitation.toState(), digest };
      const { projectId, tenantId, id, email } = expected;

      await run(async ({ invitations }) => {
        const ways = [
          await invitations.byId(projectId, tenantId, id),
          await invitations.byDigest(projectId, [aDigest(), digest]),
          await invitations.byEmail(projectId, tenantId, email),
          await invitations.ofUser(projectId, placeholder.id),
        ];
        for (const found of ways) expect(found?.toState()).toEqual(expected);
        expect(await invitations.byDigest(projectId, [aDigest()])).toBeUndefined();
        expect(await invitations.byDigest(projectId, [])).toBeUndefined();
        expect(await invitations.byEmail(projectId, tenantId, anEmail())).toBeUndefined();
        expect(await invitations.ofUser(projectId, anId())).toBeUndefined();
      });
    });

    it('are found by their latest mail alone', async () => {
      const { invitation } = await invite();
      const [first, second] = [aDigest(), aDigest()];
      const byDigest = async (digest: typeof first) =>
        (await run(({ invitations }) => invitations.byDigest(place.projectId, [digest])))?.id;
      await change(invitation.toState(), (found) => found.carry(first));
      expect(await byDigest(first)).toBe(invitation.id);

      await change(invitation.toState(), (found) => found.resend(later));
      expect(await byDigest(first)).toBeUndefined();
      expect((await find(invitation.toState()))?.expiresAt).toEqual(secondsAfter(later, 72 * HOUR));
      await change(invitation.toState(), (found) => found.carry(second));
      expect(await byDigest(second)).toBe(invitation.id);
    });

    it('are one a tenant and address: of sixteen at once one is there, and the others are told', async () => {
      const email = anEmail();
      const { succeeded, refused } = await sixteenAtOnce(() => invite({ email }));

      expect(succeeded).toHaveLength(1);
      expect(refused).toHaveLength(15);
      for (const error of refused) expect(error).toMatchObject({ code: 'invitation-pending' });
      const { items } = await subject.memberDirectory.page(
        place.projectId,
        place.tenantId,
        { includeDeleted: true },
        { after: undefined, limit: 100 },
      );
      expect(items.map(({ user }) => user.id)).toEqual([succeeded[0]?.placeholder.id]);
    });

    it('may go to one address from several tenants and projects', async () => {
      const email = anEmail();
      const places = [
        place,
        await seedTenant(subject.unitOfWork, now, place),
        await seedProject(subject.unitOfWork, now),
      ];
      for (const at of places) await saveInvited(subject.unitOfWork, anInvitation(now, at, { email }));

      await run(async ({ invitations }) => {
        for (const { projectId, tenantId } of places) {
          expect((await invitations.byEmail(projectId, tenantId, email))?.toState()).toMatchObject({
            projectId,
            tenantId,
          });
        }
      });
    });

    it('are spent by one of sixteen, together with what they were for', async () => {
      const { invitation, placeholder } = await invite();
      const digest = aDigest();
      await change(invitation.toState(), (found) => found.carry(digest));

      const { succeeded, refused } = await sixteenAtOnce((index) =>
        run(async ({ invitations, users }) => {
          const found = await invitations.byDigest(place.projectId, [digest]);
          const user = await users.byId(place.projectId, placeholder.id);
          if (!found || !user) throw new IamError('token-invalid');
          const person = { passwordHash: null, firstName: `Guest ${index}`, lastName: null, dialect: 'v1' } as const;
          user.acceptInvitation(person, later);
          users.save(user);
          invitations.remove(found);
          return person.firstName;
        }),
      );

      expect(succeeded).toHaveLength(1);
      for (const error of refused) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(token-invalid|conflict)$/) });
      }
      expect(await subject.userDirectory.byId(place.projectId, placeholder.id)).toMatchObject({
        firstName: succeeded[0],
        status: 'active',
      });
      expect(await find(invitation.toState())).toBeUndefined();
    });

    it('are not spent when another mail went out since they were read', async () => {
      const { invitation } = await invite();
      const digest = aDigest();
      await change(invitation.toState(), (found) => found.carry(digest));

      const spending = run(async ({ invitations }) => {
        const found = await invitations.byDigest(place.projectId, [digest]);
        if (!found) throw new IamError('token-invalid');
        await change(invitation.toState(), (other) => other.resend(later));
        invitations.remove(found);
      });

      await expect(spending).rejects.toMatchObject({ code: 'token-invalid' });
      expect(await find(invitation.toState())).toBeDefined();
    });

    it('tell what happened to them', async () => {
      const { invitation } = await invite();
      await run(async ({ invitations }) => {
        const found = await invitations.byId(place.projectId, place.tenantId, invitation.id);
        if (!found) throw new Error('not seeded');
        found.revoke(later);
        invitations.remove(found);
      });
      const types = (await subject.outboxFeed.claim(1000, 60, later)).map(({ event }) => event.type);
      expect(types).toEqual(expect.arrayContaining(['user-invited', 'invitation-offered', 'invitation-revoked']));
    });

    describe('keep a place that', () => {
      it('reserves no address: its owner may register, and be found by it', async () => {
        const email = anEmail();
        const { placeholder } = await invite({ email });
        const byEmail = async () => (await subject.userDirectory.byEmail(place.projectId, email))?.id;
        expect(await byEmail()).toBeUndefined();
        expect(await run(({ users }) => users.byEmail(place.projectId, email))).toBeUndefined();
        expect(await subject.recoveryCodesDirectory.byEmail(place.projectId, email)).toBeUndefined();

        const owner = await seedUser(subject.unitOfWork, now, place, { email });
        expect(await byEmail()).toBe(owner.id);
        expect((await run(({ users }) => users.byEmail(place.projectId, email)))?.id).toBe(owner.id);
        expect(await subject.userDirectory.byId(place.projectId, placeholder.id)).toMatchObject({ status: 'invited' });
      });

      it('becomes the account that holds the address, unless somebody has it by then', async () => {
        const email = anEmail();
        const accept = (userId: UserId) =>
          changeUser(subject.unitOfWork, place, userId, (found) =>
            found.acceptInvitation({ passwordHash: null, firstName: null, lastName: null, dialect: 'v1' }, later),
          );
        const { placeholder: first } = await invite({ email });
        const elsewhere = await seedTenant(subject.unitOfWork, now, place);
        const { placeholder: second } = await seedInvitation(subject.unitOfWork, now, elsewhere, { email });

        await accept(first.id);
        expect((await subject.userDirectory.byEmail(place.projectId, email))?.id).toBe(first.id);
        await expect(accept(second.id)).rejects.toMatchObject({ code: 'email-already-registered' });
      });

      it('goes with everything that was kept there', async () => {
        const { invitation, placeholder } = await invite({}, [place.ownerRole]);
        const bystander = await invite();
        await run(async ({ users, invitations }) => {
          const user = await users.byId(place.projectId, placeholder.id);
          const found = await invitations.ofUser(place.projectId, placeholder.id);
          if (!user || !found) throw new Error('not seeded');
          invitations.remove(found);
          users.remove(user);
        });

        expect(await find(invitation.toState())).toBeUndefined();
        const member = (userId: UserId) => subject.memberDirectory.byId(place.projectId, place.tenantId, userId);
        expect(await member(placeholder.id)).toBeUndefined();
        expect(await member(bystander.placeholder.id)).toBeDefined();
        expect(await find(bystander.invitation.toState())).toBeDefined();
      });

      it('goes with its invitation when only the person is removed', async () => {
        const { invitation, placeholder } = await invite();
        await run(async ({ users }) => {
          const user = await users.byId(place.projectId, placeholder.id);
          if (user) users.remove(user);
        });
        expect(await find(invitation.toState())).toBeUndefined();
      });

      it('makes room for another invitation of the address', async () => {
        const email = anEmail();
        const { placeholder } = await invite({ email });
        await run(async ({ users }) => {
          const user = await users.byId(place.projectId, placeholder.id);
          if (user) users.remove(user);
        });
        expect(await find((await invite({ email })).invitation.toState())).toBeDefined();
      });

      it('goes with the tenant', async () => {
        const other = await seedTenant(subject.unitOfWork, now, place);
        const { invitation } = await seedInvitation(subject.unitOfWork, now, other, {}, [other.ownerRole]);
        await run(async ({ tenants }) => {
          const tenant = await tenants.byId(place.projectId, other.tenantId);
          if (tenant) tenants.remove(tenant);
        });
        expect(await find(invitation.toState())).toBeUndefined();
      });
    });

    it('are impossible without the place', async () => {
      const { invitation } = anInvitation(now, place);
      const stranger = await seedUser(subject.unitOfWork, now, await seedTenant(subject.unitOfWork, now, place));
      const forNobody = run(async ({ invitations }) => invitations.save(invitation));
      await expect(forNobody).rejects.toMatchObject({ code: 'conflict' });

      const { invitation: offer } = anInvitation(now, place);
      const state = { ...offer.toState(), userId: stranger.id };
      const forAStranger = run(async ({ invitations }) => invitations.save(Invitation.rehydrate(state)));
      await expect(forAStranger).rejects.toMatchObject({ code: 'conflict' });
    });

    it('show which roles are waiting, by their slugs', async () => {
      const roles = [await seedRole(subject.unitOfWork, now, place, 'zebra'), place.ownerRole];
      const { invitation } = await invite({}, roles);
      const { projectId, tenantId } = place;
      const expected = { invitation: invitation.toState(), roles: ['owner', 'zebra'] };

      expect(await subject.invitationDirectory.byId(projectId, tenantId, invitation.id)).toEqual(expected);
      expect(await subject.invitationDirectory.byId(projectId, tenantId, anId())).toBeUndefined();
      const page = await subject.invitationDirectory.page(projectId, tenantId, now, { after: undefined, limit: 10 });
      expect(page).toEqual({ items: [expected], hasMore: false });
    });

    it('are listed newest first while they are in force, at every depth, without gaps or doubles', async () => {
      const made: Invited[] = [];
      for (const age of [73, 1, 2, 80, 3, 71, 100, 5]) {
        made.push(await seedInvitation(subject.unitOfWork, secondsAfter(now, -age * HOUR), place));
      }
      await seedInvitation(subject.unitOfWork, now, await seedTenant(subject.unitOfWork, now, place));
      const inForce = made.filter(({ invitation }) => invitation.toState().expiresAt > now);
      const expected = inForce.map(({ invitation }) => invitation.id).reverse();
      expect(expected).toHaveLength(5);

      for (const limit of [1, 2, 4, 5, 100]) {
        const items = await everyPage<InvitationId, PendingInvitation>(
          limit,
          (request) => subject.invitationDirectory.page(place.projectId, place.tenantId, now, request),
          ({ invitation }) => invitation.id,
        );
        expect(items.map(({ invitation }) => invitation.id)).toEqual(expected);
      }
    });

    it('are found when they have expired, so that the caller can say so', async () => {
      const { invitation } = await seedInvitation(subject.unitOfWork, secondsAfter(now, -80 * HOUR), place);
      await run(async ({ invitations }) => {
        const found = await invitations.byId(place.projectId, place.tenantId, invitation.id);
        expect(() => found?.assertFresh(now)).toThrowError('token-expired');
      });
      expect(await subject.invitationDirectory.byId(place.projectId, place.tenantId, invitation.id)).toBeDefined();
    });
  });
}
