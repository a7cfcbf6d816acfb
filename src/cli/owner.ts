import { Option } from 'commander';
import { OPERATOR } from '../application/actor.ts';
import type { CommandLine } from './command-line.ts';
import { projectOf } from './project-option.ts';
import { table } from './text.ts';
import { unlock } from './unlock.ts';
import { withIam } from './with-iam.ts';

const EMAIL = new Option('--email <address>', 'of the owner; without it, PLATFORM_OWNER_EMAIL');

export function addOwnerCommands(line: CommandLine): void {
  const { shell } = line;
  const owner = line.group('owner', 'Look after the owner of the platform');

  line.add<{ readonly email?: string }>(owner, {
    usage: 'create',
    description: 'Make the platform and its owner, as the first start does; their password is PLATFORM_OWNER_PASSWORD',
    options: [EMAIL],
    examples: ['owner create', 'owner create --email you@example.com'],
    run: ({ email: given, ...options }) =>
      withIam(shell, async ({ iam, config, v1 }) => {
        const [{ firstOwner }, { whereabouts }] = await Promise.all([
          import('../adapters/container/first-start.ts'),
          import('../adapters/container/owner-password.ts'),
        ]);
        const owner = { ...config.owner, ...(given && { email: given }) };
        const made = await firstOwner(iam, { ...config, owner }, shell.terminal && !options.json);
        const platform = await projectOf(iam, undefined);
        const { user, ...place } = await iam.users.findAccount.execute(OPERATOR, { projectId: platform.id });
        if (made === undefined) throw new Error(takenBy(user.email));
        const lines = table([
          ['Platform owner', user.email ?? user.id],
          ['Password', whereabouts(made.password)],
        ]);
        return line.answer(options, v1.presentUser(user, place), lines);
      }),
  });

  line.add(owner, {
    usage: 'unlock',
    description: 'Open the recovery, or the account, of the owner of the platform; be sure who asks',
    examples: ['owner unlock'],
    run: (options) => unlock(line, options),
  });
}

function takenBy(email: string | null): string {
  return `The platform has its owner, ${email}, and never two. They hand it over with POST /api/v1/tenants/{id}/transfer; to open their recovery: castellan owner unlock`;
}
