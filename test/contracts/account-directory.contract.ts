import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProviderId } from '../../src/domain/project/auth-provider.ts';
import { passwordForm } from '../../src/domain/user/password-form.ts';
import { TotpFactor } from '../../src/domain/user/totp-factor.ts';
import { type PasswordHash, User, type UserId, type UserState } from '../../src/domain/user/user.ts';
import type { Account, AccountNames } from '../../src/ports/directories/account-directory.ts';
import { aMembership, anEmail, anId, aProvider, aProviderLink, aSealedSecret } from '../support/builders.ts';
import { type Place, seedProject, seedTenant, seedUser } from '../support/seeds.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

/** Accounts as a whole. */
export function describeAccountDirectoryContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`account directory: ${name}`, () => {
    const now = new Date();
    let subject: StoreSubject;
    let place: Place;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const role = (slug: string, { roles } = place) => roles.filter((each) => each.toState().slug === slug);
    const aPerson = async (slugs: readonly string[] = [], at = place): Promise<UserState> => {
      const held = slugs.flatMap((slug) => role(slug, at));
      return (await seedUser(subject.unitOfWork, now, at, {}, held)).toState();
    };
    const page = (after?: UserId, limit = 100, { projectId } = place) =>
      subject.accountDirectory.page(projectId, { after, limit });
    const named = (names: Partial<AccountNames>, { projectId } = place) =>
      subject.accountDirectory.named(projectId, { ids: [], emails: [], identities: [], ...names });
    const idsOf = (accounts: readonly Account[]) => accounts.map(({ user }) => user.id);
    const change = (id: UserId, verb: (user: User) => void, { projectId } = place) =>
      subject.unitOfWork.run(async ({ users }) => {
        const user = await users.byId(projectId, id);
        if (user === undefined) throw new Error('nobody');
        verb(user);
        users.save(user);
      });

    it('has an account with everything that goes along with it', async () => {
      const person = await aPerson(['member', 'admin']);
      const other = await seedTenant(subject.unitOfWork, now, place);
      const secret = aSealedSecret();
      const [acme, zeta] = ['acme', 'zeta'] as readonly string[] as readonly [ProviderId, ProviderId];
      const { projectId } = place;
      const links = [
        { providerId: acme, externalId: 'a-1', email: 'ada@acme.test', displayName: null },
        { providerId: zeta, externalId: 'z-1', email: null, displayName: 'Ada' },
      ];
      await subject.unitOfWork.run(async ({ memberships, totpFactors, authProviders, providerLinks }) => {
        const elsewhere = aMembership(now, { ...other, userId: person.id }, role('admin', other));
        elsewhere.disable(now);
        memberships.save(elsewhere);
        totpFactors.save(TotpFactor.import({ projectId, userId: person.id }, secret));
        for (const id of [zeta, acme]) authProviders.save(aProvider(now, { id, projectId }));
        for (const link of links.toReversed()) {
          providerLinks.save(aProviderLink(now, { ...link, projectId, userId: person.id }));
        }
      });
      const memberships = [
        { tenantId: place.tenantId, roles: ['admin', 'member'], disabled: false },
        { tenantId: other.tenantId, roles: ['admin'], disabled: true },
      ].toSorted((a, b) => (a.tenantId < b.tenantId ? -1 : 1));

      expect((await page()).items).toEqual([{ user: person, memberships, totpSecret: secret, links }]);
    });

    it('has one with nothing besides, and no membership that it was removed from', async () => {
      const person = await aPerson();
      await subject.unitOfWork.run(async ({ memberships }) => {
        const membership = await memberships.find(place.projectId, place.tenantId, person.id);
        if (membership === undefined) throw new Error('no member');
        membership.leave(now);
        memberships.save(membership);
      });
      const waiting = TotpFactor.none({ projectId: place.projectId, userId: person.id });
      waiting.begin({ pendingSecret: aSealedSecret(), pendingExpiresAt: null, pendingRecoveryCodes: [] }, now);
      await subject.unitOfWork.run(async ({ totpFactors }) => totpFactors.save(waiting));

      expect((await page()).items).toEqual([{ user: person, memberships: [], totpSecret: null, links: [] }]);
    });

    it('goes through all of them by their ids, page after page', async () => {
      const people: UserId[] = [];
      for (let index = 0; index < 5; index += 1) people.push((await aPerson()).id);
      people.sort();

      const first = await page(undefined, 2);
      const second = await page(people[1], 2);
      const third = await page(people[3], 2);

      expect([first, second, third].map(({ items, hasMore }) => [idsOf(items), hasMore])).toEqual([
        [people.slice(0, 2), true],
        [people.slice(2, 4), true],
        [people.slice(4), false],
      ]);
      expect(await page(people[4], 2)).toEqual({ items: [], hasMore: false });
    });

    it('leaves out who is deleted, whoever stands in for somebody invited, and other projects', async () => {
      const [locked, disabled, deleted] = [await aPerson(), await aPerson(), await aPerson()];
      await change(locked.id, (user) => user.lock(now));
      await change(disabled.id, (user) => user.disable(now));
      await change(deleted.id, (user) => user.delete(now));
      const invited = { id: anId<UserId>(), projectId: place.projectId, email: anEmail() };
      await subject.unitOfWork.run(async ({ users }) =>
        users.save(User.invite({ ...invited, firstName: null, lastName: null }, now)),
      );
      const elsewhere = await seedProject(subject.unitOfWork, now);
      const stranger = await aPerson([], elsewhere);

      expect(idsOf((await page()).items)).toEqual([locked.id, disabled.id].toSorted());
      expect(idsOf((await page(undefined, 100, elsewhere)).items)).toEqual([stranger.id]);
    });

    it('knows accounts by id, whatever has become of them, and by the address that they hold', async () => {
      const [ada, gone, proven] = [await aPerson(), await aPerson(), await aPerson()];
      await change(gone.id, (user) => user.delete(now));
      await change(proven.id, (user) => {
        user.proveMailbox(now);
        user.delete(now);
      });
      const all = [ada, gone, proven];
      const names = ({ id, email }: UserState) => ({ id, email });
      const byEmail = (a: { readonly email: string | null }, b: { readonly email: string | null }) =>
        String(a.email).localeCompare(String(b.email));

      const { byId, byEmail: holders } = await named({
        ids: [...all.map(({ id }) => id), anId<UserId>()],
        emails: [...all.flatMap(({ email }) => email ?? []), anEmail()],
      });

      expect(byId.toSorted(byEmail)).toEqual(all.map(names).toSorted(byEmail));
      // A deleted account keeps a proven address, and no other.
      expect(holders.toSorted(byEmail)).toEqual([ada, proven].map(names).toSorted(byEmail));
    });

    it('knows them by what a provider calls them, and mixes no two providers up', async () => {
      const person = await aPerson();
      const { projectId } = place;
      const [acme, zeta] = ['acme', 'zeta'] as readonly string[] as readonly [ProviderId, ProviderId];
      await subject.unitOfWork.run(async ({ authProviders, providerLinks }) => {
        for (const id of [acme, zeta]) authProviders.save(aProvider(now, { id, projectId }));
        providerLinks.save(aProviderLink(now, { providerId: acme, externalId: 'one', projectId, userId: person.id }));
      });
      const identities = [
        { providerId: acme, externalId: 'one' },
        { providerId: zeta, externalId: 'one' },
        { providerId: acme, externalId: 'two' },
      ];

      const { byIdentity } = await named({ identities });

      expect(byIdentity).toEqual([{ providerId: acme, externalId: 'one', userId: person.id }]);
    });

    it('counts the forms that the hashes of those who hold an address have, with one of each', async () => {
      const hash = (text: string) => text as PasswordHash;
      const hashes = [
        hash('$2b$10$one'),
        hash('$2b$10$two'),
        hash('$2b$12$one'),
        hash('$argon2id$v=19$m=19456,t=2,p=1$salt$one'),
        hash('$argon2id$v=19$m=65536,t=2,p=1$salt$one'),
        hash('$argon2i$m=64,t=2,p=1$salt$one'),
        hash('$pbkdf2-sha256$29000$salt$one'),
        hash('$pbkdf2-sha256$29000$other$two'),
        hash('$scrypt$ln=14,r=8,p=1$salt$one'),
        hash('$firebase-scrypt$ln=14,r=8,p=1,sep=Bw,key=AAAA$salt$one'),
      ];
      for (const passwordHash of hashes) await seedUser(subject.unitOfWork, now, place, { passwordHash });
      const { projectId } = place;
      const none = User.arrive(
        { id: anId(), projectId, email: anEmail(), firstName: null, lastName: null, dialect: 'v1' },
        now,
      );
      const nowhere = User.arrive(
        { id: anId(), projectId, email: null, firstName: null, lastName: null, dialect: 'v1' },
        now,
      );
      await subject.unitOfWork.run(async ({ users }) => {
        users.save(none);
        users.save(nowhere);
      });
      const gone = await seedUser(subject.unitOfWork, now, place, { passwordHash: hash('$2b$14$gone') });
      await change(gone.id, (user) => user.delete(now));
      await seedUser(subject.unitOfWork, now, await seedProject(subject.unitOfWork, now), {
        passwordHash: hash('$2b$13$x'),
      });

      const forms = await subject.accountDirectory.passwordForms(projectId);

      const expected = new Map(
        hashes.map((each) => [
          passwordForm(each),
          hashes.filter((other) => passwordForm(other) === passwordForm(each)),
        ]),
      );
      expect(forms.map(({ form, accounts }) => [form, accounts])).toEqual([
        ['', 1],
        ...[...expected].map(([form, of]) => [form, of.length]).toSorted(),
      ]);
      expect(forms[0]?.example).toBeNull();
      for (const { form, example } of forms.slice(1)) expect(expected.get(form)).toContain(example);
      expect(await subject.accountDirectory.passwordForms(anId())).toEqual([]);
    });

    it('knows nobody of another project', async () => {
      const person = await aPerson();
      const elsewhere = await seedProject(subject.unitOfWork, now);
      const names = { ids: [person.id], emails: person.email === null ? [] : [person.email] };

      expect(await named(names, elsewhere)).toEqual({ byId: [], byEmail: [], byIdentity: [] });
      expect(await named({})).toEqual({ byId: [], byEmail: [], byIdentity: [] });
    });
  });
}
