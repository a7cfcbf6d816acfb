import type { TenantId } from '../../domain/tenant/tenant.ts';
import type { JsonObject, UserId, UserStatus } from '../../domain/user/user.ts';
import type { AccountLink } from '../../ports/directories/account-directory.ts';

/** The root tenant of whatever project it is. */
export const ROOT = 'root';

/** A person as a file has them: what an import takes, and an export gives. What is left out is not there. */
export interface UserRecord {
  readonly id?: UserId | undefined;
  readonly email?: string | undefined;
  readonly emailVerified?: boolean | undefined;
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly phone?: string | undefined;
  readonly avatarUrl?: string | undefined;
  readonly metadata?: JsonObject | undefined;
  readonly preferences?: JsonObject | undefined;
  readonly status?: Exclude<UserStatus, 'invited'> | undefined;
  readonly disabledByPlatform?: boolean | undefined;
  readonly createdAt?: Date | undefined;
  /** Of any form that the password hasher takes. */
  readonly passwordHash?: string | undefined;
  readonly totpSecret?: string | undefined;
  /** Slugs in the root tenant. Where neither these nor `tenants` are given: where somebody who registers would be. */
  readonly roles?: readonly string[] | undefined;
  readonly tenants?: readonly TenantOfRecord[] | undefined;
  readonly links?: readonly LinkOfRecord[] | undefined;
}

export interface TenantOfRecord {
  readonly id: TenantId | typeof ROOT;
  readonly roles: readonly string[];
  readonly disabled?: boolean | undefined;
}

export interface LinkOfRecord extends Pick<AccountLink, 'providerId' | 'externalId'> {
  readonly email?: string | undefined;
  readonly displayName?: string | undefined;
}
