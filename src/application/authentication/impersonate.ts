import { IamError, invalidField } from '../../domain/errors.ts';
import { assertSignInOpen } from '../../domain/project/project.ts';
import { IMPERSONATION_REASON, MAX_IMPERSONATION_REASON_LENGTH } from '../../domain/session/impersonation-reason.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import { isInUse } from '../../domain/user/account-standing.ts';
import type { User, UserId } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { inBothTrails } from '../audit/in-both-trails.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import type { Authority } from '../roles/authority.ts';
import { landIn } from '../tenants/land-in.ts';
import { presentSession } from './own-session.ts';
import type { SessionOpener } from './session-opener.ts';
import type { TokenPair, TokenPairs } from './token-pairs.ts';

const PERMISSION = 'users.impersonate';

export interface ImpersonateInput {
  readonly tenantId: TenantId;
  /** A slug. */
  readonly reason: string;
  readonly note?: string | undefined;
  /** An active member of the tenant; its owner unless said. */
  readonly userId?: UserId | undefined;
}

type ImpersonateDeps = Pick<Ports, 'clock'> & {
  readonly authority: Authority;
  readonly knownProjects: KnownProjects;
  readonly sessionOpener: SessionOpener;
  readonly tokenPairs: TokenPairs;
};

/**
 * Lets the owner of the platform act as somebody else, for an hour in all. The records of it are in the commit of the
 * session. What is the person's own, like where they signed in last, stays as it is.
 */
export class Impersonate {
  readonly #deps: ImpersonateDeps;
  constructor(deps: ImpersonateDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden` also for oneself, `validation-error`, `not-found`, `tenant-blocked`, `token-invalid`, `sign-in-closed` */
  async execute(actor: UserActor, input: ImpersonateInput): Promise<TokenPair> {
    const { authority, knownProjects, sessionOpener, tokenPairs, clock } = this.#deps;
    await authority.assert(actor, PERMISSION);
    assertSlug(input.reason);
    const project = await knownProjects.byId(actor.projectId);
    assertSignInOpen(project.settings);
    const standing = await authority.commit(actor, PERMISSION, async (repositories) => {
      const now = clock.now();
      const { refreshTokens, audit, requireUnchanged } = repositories;
      const present = await presentSession(refreshTokens, actor);
      const target = await targetOf(repositories, actor, input);
      const landing = await landIn(repositories, actor, project, input.tenantId, target.id);
      const { amr, authenticatedAt } = present.standing.session;
      const impersonator = { userId: actor.userId, epoch: present.standing.user.sessionEpoch };
      const proof = { amr, authenticatedAt, impersonator };
      const opened = sessionOpener.open(repositories, actor, project, target, landing, proof, now);
      for (const root of [target, present.session]) requireUnchanged(root);
      const { tenantId, reason, note } = input;
      const metadata = { tenantId, reason, ...(note !== undefined && { note }) };
      const what = {
        action: 'auth.impersonation.started',
        entityType: 'session',
        entityId: opened.session.id,
      } as const;
      const entry = audited(actor, { ...what, tenantId, userId: target.id, metadata }, now);
      for (const record of inBothTrails(project.rootTenantId, entry)) audit.record(record);
      return opened;
    });
    return tokenPairs.of(project, standing);
  }
}

/** Whoever may impersonate owns the platform: of all people, they alone are nobody's to act as. */
async function targetOf(
  { tenants, users }: Repositories,
  { projectId, userId: own }: UserActor,
  { tenantId, userId }: ImpersonateInput,
): Promise<User> {
  const targetId = userId ?? (await tenants.byId(projectId, tenantId))?.toState().ownerId;
  if (targetId === own) throw new IamError('forbidden', { requiredPermission: PERMISSION });
  const target = targetId == null ? undefined : await users.byId(projectId, targetId);
  if (target === undefined || !isInUse(target.toState())) throw new IamError('not-found');
  return target;
}

function assertSlug(reason: string): void {
  if (reason.length <= MAX_IMPERSONATION_REASON_LENGTH && IMPERSONATION_REASON.test(reason)) return;
  const message = 'must be a slug of a-z, 0-9, _ and -, at most 64 characters';
  throw invalidField('reason', message, 'INVALID_FORMAT');
}
