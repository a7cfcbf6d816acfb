import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { Repositories } from '../../src/ports/unit-of-work.ts';
import {
  aChallenge,
  aDigest,
  anApiKey,
  anAuthorizationRequest,
  anEmail,
  anId,
  aOneTimeToken,
  aProvider,
  aProviderLink,
  aSession,
  aSigningKey,
  aTotpFactor,
  someRecoveryCodes,
} from '../support/builders.ts';
import { type Place, seedProject, seedTenant, seedUser } from '../support/seeds.ts';
import { aModule, anInvitation, aTransfer, type Invited, saveInvited, seedRole } from '../support/tenancy.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

interface Belongings {
  readonly apiKey: ReturnType<typeof anApiKey>;
  readonly token: ReturnType<typeof aOneTimeToken>;
  readonly challenge: ReturnType<typeof aChallenge>;
  readonly link: ReturnType<typeof aProviderLink>;
  readonly request: ReturnType<typeof anAuthorizationRequest>;
  readonly session: ReturnType<typeof aSession>;
  readonly userId: Awaited<ReturnType<typeof seedUser>>['id'];
  readonly email: ReturnType<typeof anEmail>;
  readonly invited: Invited;
  readonly invitationDigest: ReturnType<typeof aDigest>;
}

/** Whoever asks with the id of another project or tenant finds what is there for nobody: nothing. */
export function describeScopeIsolationContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`scope isolation: ${name}`, () => {
    const now = new Date();
    let subject: StoreSubject;
    let place: Place;
    let elsewhere: Place;
    let mine: Belongings;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
      elsewhere = await seedProject(subject.unitOfWork, now);
      mine = await seedBelongings();
    });
    afterEach(async () => {
      await subject.dispose();
    });

    async function seedBelongings(): Promise<Belongings> {
      const email = anEmail();
      const user = await seedUser(subject.unitOfWork, now, place, { email }, [place.ownerRole]);
      const ids = { ...place, userId: user.id };
      const apiKey = anApiKey(now, place);
      const [token, challenge, session] = [aOneTimeToken(now, ids), aChallenge(now, ids), aSession(now, ids)];
      const [link, request] = [aProviderLink(now, ids), anAuthorizationRequest(now, ids)];
      const invited = anInvitation(now, place, {}, [place.ownerRole]);
      const invitationDigest = aDigest();
      invited.invitation.carry(invitationDigest);
      await saveInvited(subject.unitOfWork, invited);
      await subject.unitOfWork.run(async (all) => {
        all.permissionModules.save(aModule(now, place, 'crm'));
        all.ownershipTransfers.save(aTransfer(now, place, user.id, invited.placeholder.id));
        all.apiKeys.save(apiKey);
        all.signingKeys.save(aSigningKey(now, place.projectId));
        all.oneTimeTokens.save(token);
        all.authProviders.save(aProvider(now, place));
        all.providerLinks.save(link);
        all.authorizationRequests.save(request);
        all.signInChallenges.save(challenge);
        all.refreshTokens.save(session);
        all.recoveryCodes.save(someRecoveryCodes(now, place.projectId, user.id));
        all.totpFactors.save(aTotpFactor(now, ids));
        all.seats.take(place.projectId, null);
        const tenant = await all.tenants.byId(place.projectId, place.tenantId);
        if (!tenant) throw new Error('not seeded');
        tenant.entrustTo(user.id, now);
        all.tenants.save(tenant);
      });
      return { apiKey, token, challenge, link, request, session, userId: user.id, email, invited, invitationDigest };
    }

    /** Every read of every repository, as anything: one answer a method. */
    async function readAll(all: Repositories, scope: Place): Promise<Record<string, unknown>> {
      const { projectId, tenantId } = scope;
      const { purpose, digest } = mine.token.toState();
      const { kind, digest: ticket } = mine.challenge.toState();
      const { providerId, externalId } = mine.link.toState();
      const { digest: state } = mine.request.toState();
      const invitation = mine.invited.invitation.toState();
      return {
        'apiKeys.byId': await all.apiKeys.byId(projectId, mine.apiKey.toState().id),
        'signingKeys.ofProject': (await all.signingKeys.ofProject(projectId))[0],
        'tenants.byId': await all.tenants.byId(projectId, place.tenantId),
        'tenants.ownedBy': (await all.tenants.ownedBy(projectId, mine.userId))[0],
        'memberships.find by tenant': await all.memberships.find(projectId, tenantId, mine.userId),
        'memberships.find by project': await all.memberships.find(projectId, place.tenantId, mine.userId),
        'memberships.landing by tenant': await all.memberships.landing(projectId, tenantId, mine.userId),
        'memberships.landing by project': await all.memberships.landing(projectId, place.tenantId, mine.userId),
        'memberships.countElsewhere':
          (await all.memberships.countElsewhere(projectId, anId(), mine.userId)) || undefined,
        'roles.byId by tenant': await all.roles.byId(projectId, tenantId, place.ownerRole.id),
        'roles.byId by project': await all.roles.byId(projectId, place.tenantId, place.ownerRole.id),
        'roles.bySlugs by project': (await all.roles.bySlugs(projectId, place.tenantId, ['owner']))[0],
        'roles.ofMember by tenant': (await all.roles.ofMember(projectId, tenantId, mine.userId))[0],
        'roles.ofMember by project': (await all.roles.ofMember(projectId, place.tenantId, mine.userId))[0],
        'roles.heldBy': (await all.roles.heldBy(projectId, mine.userId))[0],
        'permissionModules.ofProject': (await all.permissionModules.ofProject(projectId))[0],
        'permissionModules.byName': await all.permissionModules.byName(projectId, 'crm'),
        'invitations.byId by tenant': await all.invitations.byId(projectId, tenantId, invitation.id),
        'invitations.byId by project': await all.invitations.byId(projectId, place.tenantId, invitation.id),
        'invitations.byDigest': await all.invitations.byDigest(projectId, [mine.invitationDigest]),
        'invitations.byEmail by tenant': await all.invitations.byEmail(projectId, tenantId, invitation.email),
        'invitations.byEmail by project': await all.invitations.byEmail(projectId, place.tenantId, invitation.email),
        'invitations.ofUser': await all.invitations.ofUser(projectId, invitation.userId),
        'ownershipTransfers.ofTenant by tenant': await all.ownershipTransfers.ofTenant(projectId, tenantId),
        'ownershipTransfers.ofTenant by project': await all.ownershipTransfers.ofTenant(projectId, place.tenantId),
        'users.byId': await all.users.byId(projectId, mine.userId),
        'users.byEmail': await all.users.byEmail(projectId, mine.email),
        'seats.taken': (await all.seats.taken(projectId)) || undefined,
        'refreshTokens.byId': await all.refreshTokens.byId(projectId, mine.session.id),
        'refreshTokens.withStanding': await all.refreshTokens.withStanding(projectId, mine.session.id),
        'oneTimeTokens.ofUser': await all.oneTimeTokens.ofUser(projectId, mine.userId, purpose),
        'oneTimeTokens.byDigest': await all.oneTimeTokens.byDigest(projectId, purpose, [digest]),
        'signInChallenges.byDigest': await all.signInChallenges.byDigest(projectId, kind, [ticket]),
        'recoveryCodes.ofUser': await all.recoveryCodes.ofUser(projectId, mine.userId),
        'authProviders.byId': await all.authProviders.byId(projectId, providerId),
        'providerLinks.byIdentity': await all.providerLinks.byIdentity(projectId, providerId, externalId),
        'providerLinks.ofUser': (await all.providerLinks.ofUser(projectId, mine.userId))[0],
        'authorizationRequests.byDigest': await all.authorizationRequests.byDigest(projectId, [state]),
        'totpFactors.byEmail': await subject.totpFactorDirectory.byEmail(projectId, mine.email),
        'totpFactors.ofUser': await all.totpFactors.ofUser(projectId, mine.userId),
      };
    }

    async function lookAll({ projectId, tenantId }: Place): Promise<Record<string, unknown>> {
      const { purpose, digest } = mine.token.toState();
      const { memberDirectory: members, roleDirectory: roles, invitationDirectory: invitations } = subject;
      const everybody = { includeDeleted: true };
      const first = { after: undefined, limit: 10 };
      const { id: roleId } = place.ownerRole;
      const { id: invitationId } = mine.invited.invitation;
      const mineIn = async (tenant: TenantId) =>
        (await members.page(projectId, tenant, everybody, first)).items.find(({ user }) => user.id === mine.userId);
      const ownerIn = async (tenant: TenantId) =>
        (await roles.page(projectId, tenant, first)).items.find(({ id }) => id === roleId);
      return {
        'members.byId by tenant': await members.byId(projectId, tenantId, mine.userId),
        'members.byId by project': await members.byId(projectId, place.tenantId, mine.userId),
        'members.page by tenant': await mineIn(tenantId),
        'members.page by project': await mineIn(place.tenantId),
        'roles.byId by tenant': await roles.byId(projectId, tenantId, roleId),
        'roles.byId by project': await roles.byId(projectId, place.tenantId, roleId),
        'roles.page by tenant': await ownerIn(tenantId),
        'roles.page by project': await ownerIn(place.tenantId),
        'roles.permissionsOf by tenant': await roles.permissionsOf(projectId, tenantId, mine.userId),
        'roles.permissionsOf by project': await roles.permissionsOf(projectId, place.tenantId, mine.userId),
        'roles.grantsOf by tenant': await roles.grantsOf(projectId, tenantId, mine.userId),
        'roles.grantsOf by project': await roles.grantsOf(projectId, place.tenantId, mine.userId),
        'permissionModules.ofProject': (await subject.permissionModuleDirectory.ofProject(projectId))[0],
        'invitations.byId by tenant': await invitations.byId(projectId, tenantId, invitationId),
        'invitations.byId by project': await invitations.byId(projectId, place.tenantId, invitationId),
        'invitations.page by tenant': (await invitations.page(projectId, tenantId, now, first)).items[0],
        'invitations.page by project': (await invitations.page(projectId, place.tenantId, now, first)).items[0],
        'tenants.page': (await subject.tenantDirectory.page(projectId, first)).items.find(
          ({ id }) => id === place.tenantId,
        ),
        'apiKeys.byDigest': await subject.apiKeyDirectory.byDigest(projectId, [mine.apiKey.toState().digest]),
        'apiKeys.page': (await subject.apiKeyDirectory.page(projectId, { after: undefined, limit: 10 })).items[0],
        'signingKeys.ofProject': (await subject.signingKeyDirectory.ofProject(projectId))[0],
        'users.byId': await subject.userDirectory.byId(projectId, mine.userId),
        'users.byEmail': await subject.userDirectory.byEmail(projectId, mine.email),
        'users.holdersOf by tenant': (await subject.userDirectory.holdersOf(projectId, tenantId, ['owner']))[0],
        'users.holdersOf by project': (await subject.userDirectory.holdersOf(projectId, place.tenantId, ['owner']))[0],
        'users.ownersOver': (await subject.userDirectory.ownersOver(projectId, mine.userId))[0],
        'recoveryCodes.ofUser': await subject.recoveryCodesDirectory.ofUser(projectId, mine.userId),
        'recoveryCodes.byEmail': await subject.recoveryCodesDirectory.byEmail(projectId, mine.email),
        'tenants.byId': await subject.tenantDirectory.byId(projectId, place.tenantId),
        'tenants.ofUser': (await subject.tenantDirectory.ofUser(projectId, mine.userId))[0],
        'sessions.standing': await subject.sessionDirectory.standing(projectId, mine.session.id),
        'sessions.aliveOfUser': (await subject.sessionDirectory.aliveOfUser(projectId, mine.userId, now))[0],
        'oneTimeTokens.byEmail': await subject.oneTimeTokenDirectory.byEmail(projectId, mine.email, purpose),
        'oneTimeTokens.byDigest': await subject.oneTimeTokenDirectory.byDigest(projectId, purpose, [digest]),
        'authProviders.byId': await subject.authProviderDirectory.byId(projectId, mine.link.toState().providerId),
        'authProviders.ofProject': (await subject.authProviderDirectory.ofProject(projectId))[0],
        'providerLinks.ofUser': (await subject.providerLinkDirectory.ofUser(projectId, mine.userId))[0],
        'totpFactors.byEmail': await subject.totpFactorDirectory.byEmail(projectId, mine.email),
        'totpFactors.ofUser': await subject.totpFactorDirectory.ofUser(projectId, mine.userId),
      };
    }

    const unanswered = (answers: Record<string, unknown>) =>
      Object.keys(answers).filter((method) => answers[method] === undefined);
    const answered = (answers: Record<string, unknown>) =>
      Object.keys(answers).filter((method) => answers[method] !== undefined);

    it('finds everything where it belongs', async () => {
      expect(unanswered(await subject.unitOfWork.run((all) => readAll(all, place)))).toEqual([]);
      expect(unanswered(await lookAll(place))).toEqual([]);
    });

    it('finds nothing through a repository of another project', async () => {
      expect(answered(await subject.unitOfWork.run((all) => readAll(all, elsewhere)))).toEqual([]);
    });

    it('finds nothing through a directory of another project', async () => {
      expect(answered(await lookAll(elsewhere))).toEqual([]);
    });

    it('finds nothing by another tenant of the same project', async () => {
      const other = await seedTenant(subject.unitOfWork, now, place);
      const byTenant = (answers: Record<string, unknown>) =>
        Object.keys(answers).filter((method) => method.endsWith('by tenant') && answers[method] !== undefined);

      expect(byTenant(await subject.unitOfWork.run((all) => readAll(all, other)))).toEqual([]);
      expect(byTenant(await lookAll(other))).toEqual([]);
    });

    it('withdraws no module from another project, and takes no role from a member of another tenant', async () => {
      const role = await seedRole(subject.unitOfWork, now, place, 'support', ['crm.read']);
      const other = await seedTenant(subject.unitOfWork, now, place);
      await subject.unitOfWork.run(async ({ roles }) => {
        roles.withdrawModule(elsewhere.projectId, 'crm');
        const theirs = await roles.byId(place.projectId, other.tenantId, other.ownerRole.id);
        if (theirs) roles.remove(theirs, { evenIfHeld: true });
      });

      const { projectId, tenantId } = place;
      expect((await subject.roleDirectory.byId(projectId, tenantId, role.id))?.permissions).toEqual(['crm.read']);
      expect((await subject.memberDirectory.byId(projectId, tenantId, mine.userId))?.roles).toEqual(['owner']);
      const using = await subject.unitOfWork.run(({ roles }) => roles.ofModule(elsewhere.projectId, 'crm', 1));
      expect(using).toEqual({ count: 0, first: [] });
    });

    it('finds no membership and no role of another tenant of the same project', async () => {
      const other = await seedTenant(subject.unitOfWork, now, place);
      await subject.unitOfWork.run(async ({ memberships, roles }) => {
        expect(await memberships.find(place.projectId, other.tenantId, mine.userId)).toBeUndefined();
        expect((await roles.bySlug(place.projectId, other.tenantId, 'owner'))?.id).toBe(other.ownerRole.id);
        expect(await roles.bySlug(elsewhere.projectId, place.tenantId, 'owner')).toBeUndefined();
      });
    });

    it('discards no token, no challenge and no link of another project', async () => {
      const { purpose } = mine.token.toState();
      const { kind, digest } = mine.challenge.toState();
      await subject.unitOfWork.run(async ({ oneTimeTokens, signInChallenges, providerLinks }) => {
        providerLinks.discardAll(elsewhere.projectId, mine.userId);
        oneTimeTokens.discard(elsewhere.projectId, mine.userId, [purpose]);
        signInChallenges.discard(elsewhere.projectId, mine.userId);
      });

      await subject.unitOfWork.run(async ({ oneTimeTokens, signInChallenges, providerLinks }) => {
        expect(await providerLinks.ofUser(place.projectId, mine.userId)).toHaveLength(1);
        expect(await oneTimeTokens.ofUser(place.projectId, mine.userId, purpose)).toBeDefined();
        expect(await signInChallenges.byDigest(place.projectId, kind, [digest])).toBeDefined();
      });
    });
  });
}
