import { Option } from 'commander';
import { OPERATOR } from '../application/actor.ts';
import type { CommandLine } from './command-line.ts';
import { progress } from './progress.ts';
import { EXIT } from './shell.ts';
import { withIam } from './with-iam.ts';

const YES = new Option('--yes', 'do it: everybody is signed out');

export function addFenceCommand(line: CommandLine): void {
  const { shell } = line;
  line.add<{ readonly yes?: true }>(line.program, {
    usage: 'fence',
    description:
      'After a backup was restored, before the service starts: end every session, link and code, as what was spent or ended since the backup may be alive again',
    options: [YES],
    examples: ['fence --yes'],
    run: async ({ yes, ...options }) => {
      if (yes === undefined) {
        shell.error(
          'It signs everybody out, and voids recovery codes and mailed links. To do it: castellan fence --yes\n',
        );
        return EXIT.usage;
      }
      return withIam(shell, async ({ iam }) => {
        const passed = progress(shell, options);
        await iam.projects.raiseRestoreFence
          .execute(OPERATOR, ({ done, of }) => passed.show(done, () => `${done} of ${of} pages`, done / of))
          .finally(() => passed.end());
        return line.answer(options, undefined, [
          'Nobody is signed in, and no link, code or challenge from before works.',
          'People sign in again and make new recovery codes; send invitations again.',
        ]);
      });
    },
  });
}
