import type { ProjectState } from '../../domain/project/project.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { Mail, MailMessage } from '../../ports/notifier.ts';

/** In the name of the project, whose links are its own; those of the platform name none. */
export function mailOf(project: ProjectState, to: EmailAddress, message: MailMessage): Mail {
  const { issuerName } = project.settings;
  return { to, issuerName, projectId: project.platform ? undefined : project.id, message };
}
