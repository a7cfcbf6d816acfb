import type { IamEvent } from '../../domain/events.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { InvitationId } from '../../domain/tenant/invitation.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import { displayName } from '../../domain/user/display-name.ts';
import type { Ports } from '../../ports/ports.ts';
import { INVITATION_CONTEXT } from '../invitations/standing-invitation.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { mailOf } from './mail-of.ts';

type InvitationOffered = Extract<IamEvent, { readonly type: 'invitation-offered' | 'invitation-revoked' }>;

type InvitationMailsDeps = Pick<
  Ports,
  'unitOfWork' | 'tenantDirectory' | 'userDirectory' | 'secretIssuer' | 'notifier' | 'clock'
> & { readonly knownProjects: KnownProjects };

/** The mail that carries an invitation. Its token is minted as it is sent; a new one kills the old. */
export class InvitationMails {
  readonly #deps: InvitationMailsDeps;
  constructor(deps: InvitationMailsDeps) {
    this.#deps = deps;
  }

  async offered(event: InvitationOffered): Promise<void> {
    const { unitOfWork, tenantDirectory, userDirectory, secretIssuer, notifier, knownProjects, clock } = this.#deps;
    const project = await knownProjects.byId(event.projectId as ProjectId);
    const tenantId = event.tenantId as TenantId;
    const { secret: token, digest } = secretIssuer.token(INVITATION_CONTEXT);
    const invitation = await unitOfWork.run(async ({ invitations }) => {
      const invitation = await invitations.byId(project.id, tenantId, event.invitationId as InvitationId);
      if (invitation === undefined || invitation.toState().expiresAt <= clock.now()) return undefined;
      invitation.carry(digest);
      invitations.save(invitation);
      return invitation.toState();
    });
    if (invitation === undefined) return;
    const tenant = await tenantDirectory.byId(project.id, tenantId);
    const host = invitation.invitedBy === null ? undefined : await userDirectory.byId(project.id, invitation.invitedBy);
    const invitedBy = (host && (displayName(host) ?? host.email)) ?? project.settings.issuerName;
    const message = { kind: 'invitation', token, tenant: tenant?.name ?? project.name, invitedBy } as const;
    await notifier.send(mailOf(project, invitation.email, message));
  }
}
