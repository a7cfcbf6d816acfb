import type { Database } from '../database.ts';
import { accountQueries } from './account-queries.ts';
import { apiKeyQueries } from './api-key-queries.ts';
import { invitationQueries } from './invitation-queries.ts';
import { memberQueries } from './member-queries.ts';
import { membershipQueries } from './membership-queries.ts';
import { permissionModuleQueries } from './permission-module-queries.ts';
import { projectQueries } from './project-queries.ts';
import { providerQueries } from './provider-queries.ts';
import { roleQueries } from './role-queries.ts';
import { secretQueries } from './secret-queries.ts';
import { sessionQueries } from './session-queries.ts';
import { signingKeyQueries } from './signing-key-queries.ts';
import { tenantQueries } from './tenant-queries.ts';
import { userQueries } from './user-queries.ts';
import { webhookQueries } from './webhook-queries.ts';

/** Every read of aggregates, built once: repositories and directories differ only in what they make of the rows. */
export const makeQueries = (database: Database) => ({
  projects: projectQueries(database),
  apiKeys: apiKeyQueries(database),
  signingKeys: signingKeyQueries(database),
  users: userQueries(database),
  accounts: accountQueries(database),
  tenants: tenantQueries(database),
  memberships: membershipQueries(database),
  members: memberQueries(database),
  invitations: invitationQueries(database),
  roles: roleQueries(database),
  permissionModules: permissionModuleQueries(database),
  sessions: sessionQueries(database),
  secrets: secretQueries(database),
  providers: providerQueries(database),
  webhooks: webhookQueries(database),
});

export type Queries = ReturnType<typeof makeQueries>;
