import type { ProjectId, ProjectState } from '../../domain/project/project.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { AuditAction } from '../../ports/audit-trail.ts';
import type { Account, AccountLink } from '../../ports/directories/account-directory.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Operator, UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { totpBinding } from '../mfa/totp-binding.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { PlatformAuthority } from '../projects/platform-authority.ts';
import { type LinkOfRecord, ROOT, type TenantOfRecord, type UserRecord } from './user-record.ts';

export interface ExportUsersInput {
  readonly projectId: ProjectId;
  /** Password hashes and the secrets of authenticator apps, too. */
  readonly withSecrets: boolean;
}

const PAGE = 500;

type ExportUsersDeps = Pick<Ports, 'unitOfWork' | 'accountDirectory' | 'secretBox' | 'clock'> & {
  readonly platformAuthority: PlatformAuthority;
  readonly knownProjects: KnownProjects;
};

/** Takes the accounts of a project out, as an import takes them. */
export class ExportUsers {
  readonly #deps: ExportUsersDeps;
  constructor(deps: ExportUsersDeps) {
    this.#deps = deps;
  }

  /**
   * By id, read as it is asked for: each as it is at that moment, and whoever joins meanwhile may be there or not. That
   * it begins is recorded before anything is given away, and how many were when it ends, however it does.
   * @throws IamError `forbidden`, `not-found`
   */
  async execute(
    actor: UserActor | Operator,
    { projectId, withSecrets }: ExportUsersInput,
  ): Promise<AsyncIterable<UserRecord>> {
    const { platformAuthority, knownProjects } = this.#deps;
    await platformAuthority.assertOperator(actor);
    const project = await knownProjects.byId(projectId);
    await this.#record(actor, project, 'users.export.started', { withSecrets });
    return this.#records(actor, project, withSecrets);
  }

  async *#records(
    actor: UserActor | Operator,
    project: ProjectState,
    withSecrets: boolean,
  ): AsyncGenerator<UserRecord> {
    let count = 0;
    try {
      for await (const account of this.#accounts(project.id)) {
        count += 1;
        yield { ...recordOf(account, project), ...(withSecrets ? this.#secretsOf(account) : {}) };
      }
    } finally {
      await this.#record(actor, project, 'users.exported', { withSecrets, count });
    }
  }

  async *#accounts(projectId: ProjectId): AsyncGenerator<Account> {
    let after: UserId | undefined;
    let more = true;
    while (more) {
      const { items, hasMore } = await this.#deps.accountDirectory.page(projectId, { after, limit: PAGE });
      yield* items;
      after = items.at(-1)?.user.id;
      more = hasMore;
    }
  }

  #secretsOf({ user, totpSecret }: Account): Pick<UserRecord, 'passwordHash' | 'totpSecret'> {
    const binding = totpBinding(user.projectId, user.id);
    return given({
      passwordHash: user.passwordHash,
      totpSecret: totpSecret && this.#deps.secretBox.open(totpSecret, binding),
    });
  }

  #record(
    actor: UserActor | Operator,
    { id: projectId, rootTenantId: tenantId }: ProjectState,
    action: AuditAction,
    metadata: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const what = { action, projectId, tenantId, entityType: 'project', entityId: projectId, metadata } as const;
    return this.#deps.unitOfWork.run(async ({ audit }) => audit.record(audited(actor, what, this.#deps.clock.now())));
  }
}

function recordOf({ user, memberships, links }: Account, { rootTenantId }: ProjectState): UserRecord {
  const { id, email, firstName, lastName, phone, avatarUrl, metadata, preferences, status, createdAt } = user;
  const root = memberships.find(({ tenantId, disabled }) => tenantId === rootTenantId && !disabled);
  const others = memberships.filter((membership) => membership !== root);
  const tenants = others.map(({ tenantId, roles, disabled }): TenantOfRecord => {
    const place = tenantId === rootTenantId ? ROOT : tenantId;
    return { id: place, roles, ...(disabled && { disabled }) };
  });
  return {
    id,
    ...given({ email }),
    emailVerified: user.emailVerifiedAt !== null,
    ...given({ firstName, lastName, phone, avatarUrl }),
    ...(isFilled(metadata) && { metadata }),
    ...(isFilled(preferences) && { preferences }),
    // Nobody who was merely invited has an account.
    ...(status !== 'invited' && { status }),
    ...(user.disabledByPlatform && { disabledByPlatform: true }),
    createdAt,
    ...(root && { roles: root.roles }),
    // Of whoever is nowhere, that is said, too: an import would let them join by default.
    ...((root === undefined || tenants.length > 0) && { tenants }),
    ...(links.length > 0 && { links: links.map(linkOf) }),
  };
}

function linkOf({ providerId, externalId, email, displayName }: AccountLink): LinkOfRecord {
  return { providerId, externalId, ...given({ email, displayName }) };
}

function isFilled(object: object): boolean {
  return Object.keys(object).length > 0;
}

type Given<T> = { readonly [Key in keyof T]?: Exclude<T[Key], null> };

/** What is there of it. */
function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as Given<T>;
}
