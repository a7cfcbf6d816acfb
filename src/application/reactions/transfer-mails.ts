import type { IamEvent } from '../../domain/events.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { TenantId } from '../../domain/tenant/tenant.ts';
import { isInUse } from '../../domain/user/account-standing.ts';
import { displayName } from '../../domain/user/display-name.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { MailMessage } from '../../ports/notifier.ts';
import type { Ports } from '../../ports/ports.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { mailOf } from './mail-of.ts';

type TransferEvent = Extract<
  IamEvent,
  { readonly type: 'transfer-offered' | 'transfer-accepted' | 'transfer-cancelled' }
>;

type TransferMailsDeps = Pick<Ports, 'userDirectory' | 'tenantDirectory' | 'notifier'> & {
  readonly knownProjects: KnownProjects;
};

/** Tells the two of an ownership transfer how it stands. Whoever is gone by now is not written to. */
export class TransferMails {
  readonly #deps: TransferMailsDeps;
  constructor(deps: TransferMailsDeps) {
    this.#deps = deps;
  }

  async tell(event: TransferEvent): Promise<void> {
    const { userDirectory, tenantDirectory, notifier, knownProjects } = this.#deps;
    const project = await knownProjects.byId(event.projectId as ProjectId);
    const tenant = await tenantDirectory.byId(project.id, event.tenantId as TenantId);
    const newOwner = await userDirectory.byId(project.id, event.newOwnerId as UserId);
    const owner = await userDirectory.byId(project.id, event.ownerId as UserId);
    if (tenant === undefined || newOwner === undefined) return;
    const named = displayName(newOwner) ?? newOwner.email ?? newOwner.id;
    for (const person of [owner, newOwner]) {
      if (person?.email == null || !isInUse(person)) continue;
      const message = messageOf(event.type, tenant.name, named, person === newOwner);
      await notifier.send(mailOf(project, person.email, message));
    }
  }
}

function messageOf(kind: TransferEvent['type'], tenant: string, newOwner: string, toNewOwner: boolean): MailMessage {
  switch (kind) {
    case 'transfer-offered':
      return { kind, tenant, newOwner, toNewOwner };
    case 'transfer-accepted':
      return { kind, tenant, newOwner };
    case 'transfer-cancelled':
      return { kind, tenant };
  }
}
