import { OPERATOR } from '../application/actor.ts';
import type { CommandLine } from './command-line.ts';
import { orElse } from './or-else.ts';
import { PROJECT_OPTION, projectOf } from './project-option.ts';
import type { ExitCode } from './shell.ts';
import { withIam } from './with-iam.ts';

interface Whom {
  readonly project?: string | undefined;
  /** An address or an id; without it, the owner. */
  readonly named?: string | undefined;
  readonly json?: true;
}

export function addUserCommands(line: CommandLine): void {
  line.add<{ readonly project?: string }>(line.group('user', 'Look after people'), {
    usage: 'unlock <email-or-id>',
    description: 'Open an account, or its recovery, that wrong recovery codes have closed; be sure who asks',
    options: [PROJECT_OPTION],
    examples: [
      'user unlock ada@example.com',
      'user unlock 01910000-0000-7000-8000-000000000003 --project 01910000-0000-7000-8000-000000000001',
    ],
    run: (options, named) => unlock(line, { ...options, named }),
  });
}

/** The same for the owner of the platform and for everybody. */
export function unlock(line: CommandLine, { project: projectId, named, ...options }: Whom): Promise<ExitCode> {
  return withIam(line.shell, async ({ iam, v1 }) => {
    const project = await projectOf(iam, projectId);
    const whom = { projectId: project.id, named };
    const nobody = `The project ${project.name} has no account ${named ?? 'that owns it'} in use. Another one? --project <id>`;
    const found = await orElse(iam.users.findAccount.execute(OPERATOR, whom), nobody);
    const { user } = await iam.users.unlockUser.execute(OPERATOR, { projectId: project.id, userId: found.user.id });
    const name = `${user.email ?? user.id} of ${project.name}`;
    const opened =
      found.user.status === 'locked' ? 'was locked, and can sign in and recover again' : 'can recover again';
    return line.answer(options, v1.presentUser(user, found), [`${name} ${opened}.`]);
  });
}
