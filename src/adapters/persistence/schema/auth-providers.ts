import { bigint, boolean, foreignKey, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { ClaimMapping, ProviderId, ProviderType } from '../../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { ProviderPreset } from '../../../domain/project/provider-presets.ts';
import type { SealedSecret } from '../../../domain/session/sealed-secret.ts';
import { moment, plainText } from './columns.ts';
import { projects } from './projects.ts';

export const authProviders = pgTable(
  'auth_providers',
  {
    id: plainText('id').$type<ProviderId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    type: text('type').$type<ProviderType>().notNull(),
    preset: text('preset').$type<ProviderPreset>(),
    name: text('name').notNull(),
    clientId: text('client_id'),
    clientSecret: text('client_secret').$type<SealedSecret>(),
    issuer: text('issuer'),
    authorizeUrl: text('authorize_url'),
    tokenUrl: text('token_url'),
    userinfoUrl: text('userinfo_url'),
    mapping: jsonb('mapping').$type<ClaimMapping>(),
    scopes: text('scopes').array().$type<readonly string[]>().notNull(),
    /** EIP-155 names chains by numbers beyond 32 bits. */
    chainIds: bigint('chain_ids', { mode: 'number' }).array().$type<readonly number[]>().notNull(),
    enabled: boolean('enabled').notNull(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'auth_providers_pk', columns: [t.projectId, t.id] }),
    foreignKey({ name: 'auth_providers_project_fk', columns: [t.projectId], foreignColumns: [projects.id] }),
  ],
);
