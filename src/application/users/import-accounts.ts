import { IamError } from '../../domain/errors.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import { Membership } from '../../domain/tenant/membership.ts';
import { lacksProof } from '../../domain/user/account-standing.ts';
import { importedUserId } from '../../domain/user/imported-user-id.ts';
import { ProviderLink, type ProviderLinkId } from '../../domain/user/provider-link.ts';
import { TotpFactor } from '../../domain/user/totp-factor.ts';
import { User } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { Operator, UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { totpBinding } from '../mfa/totp-binding.ts';
import type { Candidate } from './import-candidate.ts';
import { type ImportOutcome, refusalOf, wrong } from './import-outcome.ts';
import { ImportPlaces, type Place } from './import-places.ts';

type ImportAccountsDeps = Pick<Ports, 'secretBox' | 'idGenerator' | 'clock'>;

/** Where accounts are imported to. */
export interface ImportTarget {
  readonly actor: UserActor | Operator;
  readonly project: ProjectState;
  /** Nothing is saved. */
  readonly dryRun: boolean;
}

/** Everything that belongs to an account, in one commit with those of others. */
export class ImportAccounts {
  readonly #deps: ImportAccountsDeps;
  constructor(deps: ImportAccountsDeps) {
    this.#deps = deps;
  }

  /** Part of a commit. `reserved`: seats that are spoken for besides. One who cannot come holds up no other. */
  async import(
    repositories: Repositories,
    target: ImportTarget,
    candidates: readonly Candidate[],
    reserved: number,
  ): Promise<readonly ImportOutcome[]> {
    const places = new ImportPlaces(repositories, target.project);
    const { userLimit } = target.project.settings;
    const taken = userLimit === null ? 0 : (await repositories.seats.taken(target.project.id)) + reserved;
    let room = (userLimit ?? Number.POSITIVE_INFINITY) - taken;
    const outcomes: ImportOutcome[] = [];
    for (const candidate of candidates) {
      const { line } = candidate;
      try {
        const goesTo = await places.of(candidate.record);
        await assertProviders(repositories, target.project, candidate);
        if (room < 1) throw new IamError('user-limit-reached');
        const { id: userId, holdsSeat } = this.#account(repositories, target, candidate, goesTo);
        if (holdsSeat) room -= 1;
        outcomes.push({ line, kind: 'imported', userId, provisional: !holdsSeat });
      } catch (error) {
        if (!(error instanceof IamError) || error.is('unavailable')) throw error;
        outcomes.push({ line, kind: 'refused', refusal: refusalOf(error) });
      }
    }
    return outcomes;
  }

  #account(
    repositories: Repositories,
    { actor, project, dryRun }: ImportTarget,
    candidate: Candidate,
    places: readonly Place[],
  ): Pick<ReturnType<User['toState']>, 'id' | 'holdsSeat'> {
    const now = this.#deps.clock.now();
    const user = this.#user(project, candidate, now);
    const { id: userId, holdsSeat } = user.toState();
    const memberships = places.map((place) => membershipOf(project, user, place, now));
    if (dryRun) return { id: userId, holdsSeat };
    repositories.users.save(user);
    for (const membership of memberships) repositories.memberships.save(membership);
    if (holdsSeat) repositories.seats.take(project.id, project.settings.userLimit);
    this.#ways(repositories, project, user, candidate, now);
    const what = { action: 'user.imported', entityType: 'user', entityId: userId, userId } as const;
    const trails = places.length > 0 ? places.map(({ tenantId }) => tenantId) : [project.rootTenantId];
    for (const tenantId of trails) {
      repositories.audit.record(audited(actor, { ...what, projectId: project.id, tenantId }, now));
    }
    return { id: userId, holdsSeat };
  }

  #user(project: ProjectState, candidate: Candidate, now: Date): User {
    const { record, email, passwordHash, totpSecret, digest } = candidate;
    const emailVerified = record.emailVerified ?? false;
    // Whoever has yet to prove the address has a week for it from now on, however long they had the account elsewhere.
    const provisional = lacksProof({ email, emailVerifiedAt: emailVerified ? now : null }, project.settings);
    return User.import(
      {
        id: candidate.id ?? importedUserId(now, digest),
        projectId: project.id,
        email,
        emailVerified,
        passwordHash,
        firstName: record.firstName ?? null,
        lastName: record.lastName ?? null,
        phone: record.phone ?? null,
        avatarUrl: record.avatarUrl ?? null,
        metadata: record.metadata ?? {},
        preferences: record.preferences ?? {},
        status: record.status ?? 'active',
        disabledByPlatform: record.disabledByPlatform ?? false,
        withTotp: totpSecret !== null,
        holdsSeat: !provisional,
        createdAt: provisional ? now : (record.createdAt ?? now),
      },
      now,
    );
  }

  /** How they sign in besides with a password. */
  #ways(
    { totpFactors, providerLinks }: Repositories,
    { id: projectId }: ProjectState,
    { id: userId }: User,
    { totpSecret, record }: Candidate,
    now: Date,
  ): void {
    const { secretBox, idGenerator } = this.#deps;
    if (totpSecret !== null) {
      const secret = secretBox.seal(totpSecret, totpBinding(projectId, userId));
      totpFactors.save(TotpFactor.import({ projectId, userId }, secret));
    }
    for (const { providerId, externalId, email = null, displayName = null } of record.links ?? []) {
      const link = { id: idGenerator.next<ProviderLinkId>(), projectId, userId, providerId, externalId };
      providerLinks.save(ProviderLink.link({ ...link, email, displayName, added: false }, now));
    }
  }
}

function membershipOf(
  { id: projectId }: ProjectState,
  { id: userId }: User,
  { tenantId, roleIds, disabled }: Place,
  now: Date,
): Membership {
  const membership = Membership.join({ projectId, tenantId, userId, roleIds }, now);
  if (disabled) membership.disable(now);
  return membership;
}

/** @throws IamError `validation-error` for a link to a provider that there is not, and for two to one */
async function assertProviders(
  { authProviders }: Repositories,
  { id: projectId }: ProjectState,
  { record: { links = [] } }: Candidate,
): Promise<void> {
  for (const [index, { providerId }] of links.entries()) {
    const provider = await authProviders.byId(projectId, providerId);
    if (provider === undefined) throw wrong(`links.${index}.providerId`, 'is no provider of the project');
    const first = links.findIndex((link) => link.providerId === providerId);
    if (first !== index) throw wrong(`links.${index}.providerId`, 'is there twice');
  }
}
