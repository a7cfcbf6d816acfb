import type { Repositories } from '../../../ports/unit-of-work.ts';
import type { ChangeSet } from '../commit/change-set.ts';
import type { Queries } from '../queries/queries.ts';
import { apiKeyRepository } from './api-key-repository.ts';
import { attemptLedger } from './attempt-ledger.ts';
import { authProviderRepository } from './auth-provider-repository.ts';
import { authorizationRequestRepository } from './authorization-request-repository.ts';
import { invitationRepository } from './invitation-repository.ts';
import { membershipRepository } from './membership-repository.ts';
import { oneTimeTokenRepository } from './one-time-token-repository.ts';
import { ownershipTransferRepository } from './ownership-transfer-repository.ts';
import { permissionModuleRepository } from './permission-module-repository.ts';
import { projectRepository } from './project-repository.ts';
import { providerLinkRepository } from './provider-link-repository.ts';
import { recoveryCodesRepository } from './recovery-codes-repository.ts';
import { refreshTokenRepository } from './refresh-token-repository.ts';
import { roleRepository } from './role-repository.ts';
import { seatRepository } from './seat-repository.ts';
import { signInChallengeRepository } from './sign-in-challenge-repository.ts';
import { signingKeyRepository } from './signing-key-repository.ts';
import { tenantRepository } from './tenant-repository.ts';
import { totpFactorRepository } from './totp-factor-repository.ts';
import { userRepository } from './user-repository.ts';
import { webhookEndpointRepository } from './webhook-endpoint-repository.ts';

/** The repositories of one run: what they read is remembered in `changes`, and so is what is to be saved. */
export function aggregateRepositories(
  queries: Queries,
  changes: ChangeSet,
): Omit<Repositories, 'audit' | 'events' | 'requireUnchanged'> {
  return {
    projects: projectRepository(queries.projects, changes),
    apiKeys: apiKeyRepository(queries.apiKeys, changes),
    signingKeys: signingKeyRepository(queries.signingKeys, changes),
    tenants: tenantRepository(queries.tenants, changes),
    roles: roleRepository(queries.roles, changes),
    memberships: membershipRepository(queries.memberships, changes),
    permissionModules: permissionModuleRepository(queries.permissionModules, changes),
    invitations: invitationRepository(queries.invitations, changes),
    ownershipTransfers: ownershipTransferRepository(queries.tenants, changes),
    users: userRepository(queries.users, changes),
    seats: seatRepository(queries.projects, changes),
    refreshTokens: refreshTokenRepository(queries.sessions, changes),
    oneTimeTokens: oneTimeTokenRepository(queries.secrets, changes),
    signInChallenges: signInChallengeRepository(queries.secrets, changes),
    authProviders: authProviderRepository(queries.providers, changes),
    providerLinks: providerLinkRepository(queries.providers, changes),
    authorizationRequests: authorizationRequestRepository(queries.providers, changes),
    recoveryCodes: recoveryCodesRepository(queries.secrets, changes),
    totpFactors: totpFactorRepository(queries.secrets, changes),
    webhookEndpoints: webhookEndpointRepository(queries.webhooks, changes),
    attempts: attemptLedger(changes),
  };
}
