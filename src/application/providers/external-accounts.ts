import { IamError } from '../../domain/errors.ts';
import type { AuthProviderState } from '../../domain/project/auth-provider.ts';
import { assertRegistrationOpen, type ProjectState } from '../../domain/project/project.ts';
import type { PendingIdentity } from '../../domain/session/sign-in-challenge.ts';
import { assertActive } from '../../domain/user/account-standing.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import { ProviderLink, type ProviderLinkId } from '../../domain/user/provider-link.ts';
import { User, type UserId } from '../../domain/user/user.ts';
import type { ExternalIdentity } from '../../ports/auth-provider.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { EmailParser } from '../account/email-parser.ts';
import { voidSecrets } from '../account/void-secrets.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { takeSeat } from '../projects/take-seat.ts';
import { recoveryBudget } from '../recovery/recovery-budget.ts';
import { linkAccount } from './link-account.ts';
import { assertStillPresent } from './present-provider.ts';

/** Whose account it is, in the commit that says so. */
export interface Identified {
  readonly user: User;
  /** Whether something of the account has ended that others have to hear of. */
  readonly reclaimed: boolean;
  /** What is to be linked once the second factor was shown: until then, nothing of theirs changes. */
  readonly pendingIdentity: PendingIdentity | null;
}

type ExternalAccountsDeps = Pick<Ports, 'idGenerator'> & { readonly parseEmail: EmailParser };

/**
 * Finds the account of an identity elsewhere, by provider and subject alone (ASVS 6.8.1). An address joins them only
 * where both sides have proven it.
 */
export class ExternalAccounts {
  readonly #deps: ExternalAccountsDeps;
  constructor(deps: ExternalAccountsDeps) {
    this.#deps = deps;
  }

  /**
   * Part of a commit; saves what it changes.
   * @throws IamError `email-already-registered` where the account is to be signed in to first, `registration-closed`,
   * `user-limit-reached`, `account-disabled`, `account-locked`
   */
  async of(
    repositories: Repositories,
    visitor: Visitor,
    project: ProjectState,
    provider: AuthProviderState,
    identity: ExternalIdentity,
    now: Date,
  ): Promise<Identified> {
    const { users, providerLinks } = repositories;
    await assertStillPresent(repositories, provider);
    const link = await providerLinks.byIdentity(project.id, provider.id, identity.externalId);
    if (link !== undefined) {
      const user = await users.byId(project.id, link.toState().userId);
      if (user === undefined) throw new IamError('conflict');
      return { user, reclaimed: false, pendingIdentity: null };
    }
    const claimed = identity.email === null ? undefined : this.#address(identity.email);
    const holder = claimed && (await users.byEmail(project.id, claimed));
    if (holder === undefined) {
      const email = identity.emailVerified && claimed !== undefined ? claimed : null;
      return {
        user: await this.#register(repositories, visitor, project, provider, identity, email, now),
        reclaimed: false,
        pendingIdentity: null,
      };
    }
    if (!identity.emailVerified) throw new IamError('email-already-registered');
    return this.#join(repositories, visitor, project, provider, identity, holder, now);
  }

  async #register(
    repositories: Repositories,
    visitor: Visitor,
    project: ProjectState,
    provider: AuthProviderState,
    identity: ExternalIdentity,
    email: EmailAddress | null,
    now: Date,
  ): Promise<User> {
    assertRegistrationOpen(project.settings);
    await takeSeat(repositories.seats, project);
    // Whatever strangers have guessed at before there were codes.
    if (email !== null) repositories.attempts.forgive(recoveryBudget(project.id, email));
    const { firstName, lastName } = identity;
    const id = this.#deps.idGenerator.next<UserId>();
    const user = User.arrive({ id, projectId: project.id, email, firstName, lastName, dialect: visitor.dialect }, now);
    repositories.users.save(user);
    const { externalId, displayName } = identity;
    const linkId = this.#deps.idGenerator.next<ProviderLinkId>();
    const link = { id: linkId, projectId: project.id, userId: id, providerId: provider.id, externalId, displayName };
    repositories.providerLinks.save(ProviderLink.link({ ...link, email: identity.email, added: false }, now));
    const what = { action: 'auth.registered', entityType: 'user', entityId: id, userId: id, actorId: id } as const;
    repositories.audit.record(audited(visitor, { ...what, metadata: { providerId: provider.id } }, now));
    return user;
  }

  /** Proven there. Where it is not proven here, somebody else may have made the account: what they put there is gone. */
  async #join(
    repositories: Repositories,
    visitor: Visitor,
    project: ProjectState,
    provider: AuthProviderState,
    identity: ExternalIdentity,
    holder: User,
    now: Date,
  ): Promise<Identified> {
    assertActive(holder.toState());
    const links = await repositories.providerLinks.ofUser(project.id, holder.id);
    if (links.some((link) => link.toState().providerId === provider.id)) {
      throw new IamError('email-already-registered');
    }
    const reclaimed = !holder.emailVerified;
    if (!reclaimed && holder.toState().totpEnabledAt !== null) {
      const { externalId, email, displayName } = identity;
      return { user: holder, reclaimed, pendingIdentity: { externalId, email, displayName } };
    }
    if (reclaimed) {
      if (!holder.toState().holdsSeat) await takeSeat(repositories.seats, project);
      await voidSecrets(repositories, holder);
      holder.reclaim(now);
      const whose = { entityType: 'user', entityId: holder.id, userId: holder.id, actorId: holder.id } as const;
      const what = { action: 'auth.account.reclaimed', ...whose, after: { providerId: provider.id } } as const;
      repositories.audit.record(audited(visitor, what, now));
    }
    this.link(repositories, visitor, provider, holder, identity, now);
    repositories.users.save(holder);
    return { user: holder, reclaimed, pendingIdentity: null };
  }

  /** Part of a commit; the caller saves the user. @throws IamError `provider-already-linked`, also by the commit */
  link(
    repositories: Repositories,
    visitor: Visitor,
    provider: AuthProviderState,
    { id: userId }: User,
    identity: PendingIdentity,
    now: Date,
  ): void {
    const id = this.#deps.idGenerator.next<ProviderLinkId>();
    linkAccount(repositories, visitor, { id, userId, provider, identity }, now);
  }

  /** An address that is none of ours is none. */
  #address(raw: string): EmailAddress | undefined {
    try {
      return this.#deps.parseEmail(raw);
    } catch (error) {
      if (error instanceof IamError) return undefined;
      throw error;
    }
  }
}
