import { OPERATOR } from '../application/actor.ts';
import type { UserRecord } from '../application/users/user-record.ts';
import type { CommandLine } from './command-line.ts';
import { filled, type LineSink, outputSink } from './line-sink.ts';
import { progress } from './progress.ts';
import { projectOf } from './project-option.ts';
import { EXIT, type ExitCode } from './shell.ts';
import { jsonOf } from './text.ts';
import { assertFree, wholeFileSink } from './whole-file-sink.ts';
import { withIam } from './with-iam.ts';

export interface UsersExportOptions {
  readonly project?: string;
  readonly withSecrets?: boolean;
  readonly force?: boolean;
}

type Options = UsersExportOptions & { readonly json?: true };

const WARNING =
  'With password hashes and authenticator secrets: whoever has these can guess at passwords, and needs no phone. Keep them where nobody else does.';

/** Exports the people of a project to a file, or to where the output goes. */
export async function usersExport(
  file: string | undefined,
  { project: named, withSecrets = false, force = false, ...options }: Options,
  line: CommandLine,
): Promise<ExitCode> {
  const { shell } = line;
  if (file !== undefined) await assertFree({ path: file, force });
  return withIam(shell, async ({ iam }) => {
    const { id: projectId } = await projectOf(iam, named);
    if (withSecrets && !options.json) shell.error(`${WARNING}\n`);
    const sink = file === undefined ? outputSink(shell) : await wholeFileSink({ path: file, force });
    const exported = await filled(sink, async () => {
      const records = await iam.users.exportUsers.execute(OPERATOR, { projectId, withSecrets });
      return written(records, sink, line, options);
    });
    // Where the people are the output, nothing else is.
    if (file === undefined) return EXIT.ok;
    return line.answer(options, { exported, withSecrets }, [`Exported ${exported} people to ${file}.`]);
  });
}

async function written(
  records: AsyncIterable<UserRecord>,
  sink: LineSink,
  { shell }: CommandLine,
  options: { readonly json?: true },
): Promise<number> {
  const shown = progress(shell, options);
  let count = 0;
  try {
    for await (const record of records) {
      await sink.write(jsonOf(record));
      count += 1;
      shown.show(count, () => `${count} people exported`);
    }
    return count;
  } finally {
    shown.end();
  }
}
