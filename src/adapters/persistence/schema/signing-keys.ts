import { isNotNull, sql } from 'drizzle-orm';
import { foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { ProjectId } from '../../../domain/project/project.ts';
import type { SigningAlgorithm } from '../../../domain/project/project-settings.ts';
import type { KeyId, PublicJwk, SigningKeyStage } from '../../../domain/project/signing-key.ts';
import type { SealedSecret } from '../../../domain/session/sealed-secret.ts';
import { moment, plainText } from './columns.ts';
import { projects } from './projects.ts';

export const signingKeys = pgTable(
  'signing_keys',
  {
    kid: plainText('kid').$type<KeyId>().notNull(),
    projectId: uuid('project_id').$type<ProjectId>().notNull(),
    algorithm: text('algorithm').$type<SigningAlgorithm>().notNull(),
    stage: text('stage').$type<SigningKeyStage>().notNull(),
    publicJwk: jsonb('public_jwk').$type<PublicJwk>().notNull(),
    sealedPrivateJwk: text('sealed_private_jwk').$type<SealedSecret>().notNull(),
    createdAt: moment('created_at').notNull(),
    activatedAt: moment('activated_at'),
    expiresAt: moment('expires_at'),
    version: integer('version').notNull(),
  },
  (t) => [
    primaryKey({ name: 'signing_keys_pk', columns: [t.projectId, t.kid] }),
    index('signing_keys_due').on(t.activatedAt).where(sql`${t.stage} = 'current'`),
    index('signing_keys_expiry').on(t.expiresAt).where(isNotNull(t.expiresAt)),
    foreignKey({ name: 'signing_keys_project_fk', columns: [t.projectId], foreignColumns: [projects.id] }),
  ],
);
