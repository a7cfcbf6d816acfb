import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IamError } from '../../src/domain/errors.ts';
import type { OwnershipTransfer } from '../../src/domain/tenant/ownership-transfer.ts';
import type { User, UserId } from '../../src/domain/user/user.ts';
import { aMembership, anId } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';
import { type Place, seedProject, seedTenant, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { aTransfer, changeMembership } from '../support/tenancy.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** An offer of a tenant: one at a time, answered once. */
export function describeOwnershipTransfersContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`ownership transfers: ${name}`, () => {
    const now = new Date();
    const later = secondsAfter(now, 60);
    let subject: StoreSubject;
    let place: Place;
    let owner: User;
    let heir: User;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
      owner = await seedUser(subject.unitOfWork, now, place, {}, [place.ownerRole]);
      heir = await seedUser(subject.unitOfWork, now, place);
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const run: StoreSubject['unitOfWork']['run'] = (work) => subject.unitOfWork.run(work);
    const anOffer = (at = now, to = heir) => aTransfer(at, place, owner.id, to.id);
    const save = (transfer: OwnershipTransfer) =>
      run(async ({ ownershipTransfers }) => ownershipTransfers.save(transfer));
    const present = async (at: Place = place) =>
      (await run(({ ownershipTransfers }) => ownershipTransfers.ofTenant(at.projectId, at.tenantId)))?.toState();

    it('comes back as it was saved, expired or not, and none of another tenant does', async () => {
      const transfer = anOffer(secondsAfter(now, -100 * 60 * 60));
      const other = await seedTenant(subject.unitOfWork, now, place);
      await save(transfer);

      expect(await present()).toEqual(transfer.toState());
      expect(await present(other)).toBeUndefined();
      expect(await present({ ...place, projectId: anId() })).toBeUndefined();
    });

    it('is found by either of the two, expired or not, and by nobody else', async () => {
      const other = await seedTenant(subject.unitOfWork, now, place);
      await run(async ({ memberships }) => {
        for (const { id: userId } of [owner, heir]) memberships.save(aMembership(now, { ...other, userId }));
      });
      const third = await seedUser(subject.unitOfWork, now, place);
      const [here, there] = [anOffer(secondsAfter(now, -100 * 60 * 60)), aTransfer(now, other, heir.id, owner.id)];
      for (const transfer of [here, there]) await save(transfer);
      const found = (userId: UserId, projectId = place.projectId) =>
        run(async ({ ownershipTransfers }) =>
          (await ownershipTransfers.ofPerson(projectId, userId)).map((transfer) => transfer.toState()),
        );

      for (const { id } of [owner, heir]) {
        const both = await found(id);
        expect(both).toHaveLength(2);
        expect(both).toEqual(expect.arrayContaining([here.toState(), there.toState()]));
      }
      expect(await found(third.id)).toEqual([]);
      expect(await found(owner.id, anId())).toEqual([]);
    });

    it('is one a tenant: of sixteen offered at once one is there', async () => {
      const { succeeded, refused } = await sixteenAtOnce(async () => {
        const transfer = anOffer();
        await save(transfer);
        return transfer.toState();
      });

      expect(succeeded).toHaveLength(1);
      for (const error of refused) expect(error).toMatchObject({ code: 'conflict' });
      expect(await present()).toEqual(succeeded[0]);
    });

    it('is answered by one of sixteen', async () => {
      await save(anOffer());
      const { succeeded, refused } = await sixteenAtOnce((index) =>
        run(async ({ ownershipTransfers, tenants }) => {
          const transfer = await ownershipTransfers.ofTenant(place.projectId, place.tenantId);
          const tenant = await tenants.byId(place.projectId, place.tenantId);
          if (!transfer || !tenant) throw new IamError('not-found');
          if (index % 2 === 0) {
            transfer.accept(heir.id, later);
            tenant.transferTo(heir.id, later);
            tenants.save(tenant);
          } else {
            transfer.cancel(owner.id, later);
          }
          ownershipTransfers.remove(transfer);
          return index % 2 === 0 ? heir.id : null;
        }),
      );

      expect(succeeded).toHaveLength(1);
      for (const error of refused) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^(not-found|conflict)$/) });
      }
      expect(await present()).toBeUndefined();
      expect((await subject.tenantDirectory.byId(place.projectId, place.tenantId))?.ownerId).toBe(succeeded[0]);
    });

    describe('that has expired', () => {
      const replace = (next: OwnershipTransfer, order: 'remove first' | 'save first') =>
        run(async ({ ownershipTransfers }) => {
          const expired = await ownershipTransfers.ofTenant(place.projectId, place.tenantId);
          if (!expired) throw new IamError('not-found');
          if (expired.isPending(now)) throw new IamError('transfer-in-progress');
          if (order === 'remove first') ownershipTransfers.remove(expired);
          ownershipTransfers.save(next);
          if (order === 'save first') ownershipTransfers.remove(expired);
        });
      beforeEach(() => save(anOffer(secondsAfter(now, -100 * 60 * 60))));

      it.each(['remove first', 'save first'] as const)('makes room for another in one commit: %s', async (order) => {
        const next = anOffer();
        await replace(next, order);
        expect(await present()).toEqual(next.toState());
      });

      it('makes room for one of sixteen', async () => {
        const { succeeded, refused } = await sixteenAtOnce(async (index) => {
          const next = anOffer();
          await replace(next, index % 2 === 0 ? 'remove first' : 'save first');
          return next.toState();
        });

        expect(succeeded).toHaveLength(1);
        for (const error of refused) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^(transfer-in-progress|conflict)$/) });
        }
        expect(await present()).toEqual(succeeded[0]);
      });

      it('is not taken for the one that took its place', async () => {
        const next = anOffer();
        const removal = run(async ({ ownershipTransfers }) => {
          const found = await ownershipTransfers.ofTenant(place.projectId, place.tenantId);
          if (!found || found.isPending(now)) throw new IamError('transfer-in-progress');
          await replace(next, 'remove first');
          ownershipTransfers.remove(found);
        });

        await expect(removal).rejects.toMatchObject({ code: 'transfer-in-progress' });
        expect(await present()).toEqual(next.toState());
      });
    });

    it.each([
      ['the owner', () => owner],
      ['the new owner', () => heir],
    ])('goes with %s', async (_who, whose) => {
      await save(anOffer());
      await run(async ({ users }) => {
        const user = await users.byId(place.projectId, whose().id);
        if (user) users.remove(user);
      });
      expect(await present()).toBeUndefined();
    });

    it('goes with the tenant', async () => {
      const other = await seedTenant(subject.unitOfWork, now, place);
      const [from, to] = [
        await seedUser(subject.unitOfWork, now, other, {}, [other.ownerRole]),
        await seedUser(subject.unitOfWork, now, other),
      ];
      await save(aTransfer(now, other, from.id, to.id));
      await run(async ({ tenants }) => {
        const tenant = await tenants.byId(place.projectId, other.tenantId);
        if (tenant) tenants.remove(tenant);
      });
      expect(await present(other)).toBeUndefined();
    });

    it('stays when the new owner is disabled or removed: what that means is for the caller to say', async () => {
      await save(anOffer());
      await changeMembership(subject.unitOfWork, place, heir.id, (membership) => membership.leave(later));
      expect(await present()).toBeDefined();
    });

    it('is made to members only', async () => {
      const stranger = await seedUser(subject.unitOfWork, now, await seedTenant(subject.unitOfWork, now, place));
      for (const to of [stranger, { id: anId() } as User]) {
        await expect(save(anOffer(now, to))).rejects.toMatchObject({ code: 'conflict' });
      }
    });
  });
}
