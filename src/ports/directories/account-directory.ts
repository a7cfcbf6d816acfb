import type { ProviderId } from '../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { SealedSecret } from '../../domain/session/sealed-secret.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { ProviderLinkState } from '../../domain/user/provider-link.ts';
import type { PasswordHash, UserId, UserState } from '../../domain/user/user.ts';
import type { Page } from './page.ts';

/** An account with everything that goes along with it. */
export interface Account {
  readonly user: UserState;
  /** Those that they have not been removed from, by tenant. */
  readonly memberships: readonly AccountMembership[];
  /** Of the authenticator app in force. */
  readonly totpSecret: SealedSecret | null;
  /** By provider. */
  readonly links: readonly AccountLink[];
}

export interface AccountMembership {
  readonly tenantId: TenantId;
  /** Slugs, sorted. */
  readonly roles: readonly string[];
  readonly disabled: boolean;
}

export type AccountLink = Pick<ProviderLinkState, 'providerId' | 'externalId' | 'email' | 'displayName'>;

export interface AccountNames {
  readonly ids: readonly UserId[];
  readonly emails: readonly EmailAddress[];
  readonly identities: readonly ProviderIdentity[];
}

/** What a provider calls somebody. */
export interface ProviderIdentity {
  readonly providerId: ProviderId;
  readonly externalId: string;
}

export interface NamedAccounts {
  /** Those that have the ids, whatever has become of them. */
  readonly byId: readonly Pick<UserState, 'id' | 'email'>[];
  /** Whoever holds the addresses, as `UserRepository.byEmail`. */
  readonly byEmail: readonly Pick<UserState, 'id' | 'email'>[];
  readonly byIdentity: readonly (ProviderIdentity & { readonly userId: UserId })[];
}

/** How many of those who hold an address have a hash of one form, or no password. */
export interface PasswordForms {
  /** As `passwordForm` has it; empty where there is no password. */
  readonly form: string;
  readonly accounts: number;
  /** The hash of one of them. */
  readonly example: PasswordHash | null;
}

/** The accounts of a project as a whole: for whoever brings them in, or takes them out. */
export interface AccountDirectory {
  /** Many at once. */
  named(projectId: ProjectId, names: AccountNames): Promise<NamedAccounts>;
  /**
   * In the order of their ids: what comes after `after`, at most `limit`. Neither deleted accounts, nor whoever stands in
   * for somebody who was invited. Each as it is when it is read.
   */
  page(
    projectId: ProjectId,
    request: { readonly after: UserId | undefined; readonly limit: number },
  ): Promise<Page<Account>>;
  /** Looks at every account: not for where somebody waits. In the order of the forms. */
  passwordForms(projectId: ProjectId): Promise<readonly PasswordForms[]>;
}
