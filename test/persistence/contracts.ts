import { describeAttemptBudgetContract } from '../contracts/attempt-budget.contract.ts';
import { describeAttemptLadderContract } from '../contracts/attempt-ladder.contract.ts';
import { describeAuditArchiveContract } from '../contracts/audit-archive.contract.ts';
import { describeAuditDirectoryContract } from '../contracts/audit-directory.contract.ts';
import { describeAuditRetentionContract } from '../contracts/audit-retention.contract.ts';
import { describeDirectoriesContract } from '../contracts/directories.contract.ts';
import { describeHousekeepingContract } from '../contracts/housekeeping.contract.ts';
import { describeIdempotencyStoreContract } from '../contracts/idempotency-store.contract.ts';
import { describeInvitationsContract } from '../contracts/invitations.contract.ts';
import { describeMemberDirectoryContract } from '../contracts/member-directory.contract.ts';
import { describeMembershipsContract } from '../contracts/memberships.contract.ts';
import { describeOutboxFeedContract } from '../contracts/outbox-feed.contract.ts';
import { describeRecoveryCodesContract } from '../contracts/recovery-codes.contract.ts';
import { describeRepositoriesContract } from '../contracts/repositories.contract.ts';
import { describeRoleDirectoryContract } from '../contracts/role-directory.contract.ts';
import { describeRolesContract } from '../contracts/roles.contract.ts';
import { describeScopeIsolationContract } from '../contracts/scope-isolation.contract.ts';
import { describeSingleUseContract } from '../contracts/single-use.contract.ts';
import type { MakeSubject, StoreSubject } from '../contracts/subject.ts';
import { describeTotpFactorsContract } from '../contracts/totp-factors.contract.ts';
import { describeUnitOfWorkContract } from '../contracts/unit-of-work.contract.ts';
import { describeUserDirectoryContract } from '../contracts/user-directory.contract.ts';
import { describeUsersAndSeatsContract } from '../contracts/users-and-seats.contract.ts';

/** Every promise of the ports that stand on a store. */
export function describeStoreContracts(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describeUnitOfWorkContract(name, makeSubject);
  describeRepositoriesContract(name, makeSubject);
  describeUsersAndSeatsContract(name, makeSubject);
  describeRolesContract(name, makeSubject);
  describeRoleDirectoryContract(name, makeSubject);
  describeMembershipsContract(name, makeSubject);
  describeMemberDirectoryContract(name, makeSubject);
  describeInvitationsContract(name, makeSubject);
  describeSingleUseContract(name, makeSubject);
  describeTotpFactorsContract(name, makeSubject);
  describeRecoveryCodesContract(name, makeSubject);
  describeScopeIsolationContract(name, makeSubject);
  describeDirectoriesContract(name, makeSubject);
  describeUserDirectoryContract(name, makeSubject);
  describeAttemptBudgetContract(name, makeSubject);
  describeAttemptLadderContract(name, makeSubject);
  describeAuditArchiveContract(name, makeSubject);
  describeAuditDirectoryContract(name, makeSubject);
  describeAuditRetentionContract(name, makeSubject);
  describeIdempotencyStoreContract(name, makeSubject);
  describeOutboxFeedContract(name, makeSubject);
  describeHousekeepingContract(name, makeSubject);
}
