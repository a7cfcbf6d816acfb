import { type BigIntStats, fstatSync, type ReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { OPERATOR } from '../application/actor.ts';
import type { ImportOutcome, ImportRefusal } from '../application/users/import-outcome.ts';
import type { CommandLine } from './command-line.ts';
import { filled, type LineSink, noSink } from './line-sink.ts';
import { progress } from './progress.ts';
import { projectOf } from './project-option.ts';
import { EXIT, type ExitCode } from './shell.ts';
import { jsonOf, table } from './text.ts';
import { userEntries } from './user-entries.ts';
import { assertFree, wholeFileSink } from './whole-file-sink.ts';
import { withIam } from './with-iam.ts';

export interface UsersImportOptions {
  readonly project?: string;
  readonly dryRun?: boolean;
  readonly report?: string;
  readonly force?: boolean;
}

interface RefusedLine extends ImportRefusal {
  readonly line: number;
}

const STANDARD_INPUT = '-';

/** What is said of a file; how many more were refused is told by the report. */
const SHOWN = 100;

/** Counts what became of the lines. */
class Tally {
  imported = 0;
  present = 0;
  refused = 0;
  provisional = 0;
  readonly refusals: RefusedLine[] = [];

  add(outcome: ImportOutcome): RefusedLine | undefined {
    this[outcome.kind] += 1;
    if (outcome.kind === 'imported' && outcome.provisional) this.provisional += 1;
    if (outcome.kind !== 'refused') return undefined;
    const refused = { line: outcome.line, ...outcome.refusal };
    if (this.refusals.length < SHOWN) this.refusals.push(refused);
    return refused;
  }

  get lines(): number {
    return this.imported + this.present + this.refused;
  }
}

/** Imports the people of a file; answers 1 where a line was refused. */
export async function usersImport(
  file: string,
  { project: named, dryRun = false, report, force = false, ...options }: UsersImportOptions & { readonly json?: true },
  line: CommandLine,
): Promise<ExitCode> {
  const { userRecord } = await import('../adapters/container/v1-input.ts');
  if (report !== undefined) await assertReportable(report, file, force);
  const { stream, size } = await opened(file);
  return withIam(line.shell, async ({ iam }) => {
    const { id: projectId } = await projectOf(iam, named);
    const sink = report === undefined ? noSink : await wholeFileSink({ path: report, force });
    const tally = await filled(sink, async () => {
      const entries = userEntries(stream, userRecord);
      const outcomes = await iam.users.importUsers.execute(OPERATOR, { projectId, dryRun, entries });
      return counted(outcomes, sink, { stream, size, line, ...options });
    });
    const { lines, imported, present, refused, provisional, refusals } = tally;
    const object = { dryRun, lines, imported, present, refused, provisional, refusals };
    line.answer(options, object, describe(tally, { dryRun, report }));
    return refused === 0 ? EXIT.ok : EXIT.failed;
  }).finally(() => stream.destroy());
}

async function counted(
  outcomes: AsyncIterable<ImportOutcome>,
  sink: LineSink,
  { stream, size, line, ...options }: Source & { readonly line: CommandLine; readonly json?: true },
): Promise<Tally> {
  const tally = new Tally();
  const shown = progress(line.shell, options);
  try {
    for await (const outcome of outcomes) {
      const refused = tally.add(outcome);
      if (refused !== undefined) await sink.write(jsonOf(refused));
      shown.show(tally.lines, () => inWords(tally), size === undefined ? undefined : stream.bytesRead / size);
    }
  } finally {
    shown.end();
  }
  return tally;
}

interface Source {
  readonly stream: Readable & Pick<ReadStream, 'bytesRead'>;
  /** `undefined` for what is no file: nobody knows where it ends. */
  readonly size: number | undefined;
}

/** Refuses to report into what is imported, by whatever name, and into what is there already. */
async function assertReportable(report: string, file: string, force: boolean): Promise<void> {
  const [input, output] = await Promise.all([
    file === STANDARD_INPUT ? fstatSync(process.stdin.fd, { bigint: true }) : statOf(file),
    statOf(report),
  ]);
  if (input !== undefined && input.dev === output?.dev && input.ino === output.ino) {
    throw new Error(`${report} is what is imported: report to another file`);
  }
  await assertFree({ path: report, force });
}

/** Nothing of what is not there. */
function statOf(path: string): Promise<BigIntStats | undefined> {
  return stat(path, { bigint: true }).catch(() => undefined);
}

async function opened(file: string): Promise<Source> {
  if (file === STANDARD_INPUT) return { stream: process.stdin, size: undefined };
  try {
    const handle = await open(file);
    const stat = await handle.stat();
    return { stream: handle.createReadStream(), size: stat.isFile() ? Math.max(stat.size, 1) : undefined };
  } catch {
    throw new Error(`There is no file ${file} that can be read`);
  }
}

function inWords({ lines, imported, present, refused }: Tally): string {
  return `${lines} lines: ${imported} imported, ${present} there already, ${refused} refused`;
}

function describe(
  { lines, imported, present, refused, provisional, refusals }: Tally,
  { dryRun, report }: { readonly dryRun: boolean; readonly report: string | undefined },
): readonly string[] {
  const said = refusals.map(({ line, message, code }) => `line ${line}: ${message} (${code})`);
  const more = refused - said.length;
  const where = report === undefined ? 'all of them: --report <file>' : `all of them: ${report}`;
  return [
    ...said,
    ...(more > 0 ? [`and ${more} more; ${where}`] : []),
    ...(said.length > 0 ? [''] : []),
    ...table([
      ['Lines', String(lines)],
      [dryRun ? 'Would be imported' : 'Imported', String(imported)],
      ['There already', String(present)],
      ['Refused', String(refused)],
    ]),
    ...(provisional > 0 ? ['', unproven(provisional)] : []),
    ...(dryRun ? ['', 'Nothing was saved: this was a dry run.'] : []),
  ];
}

function unproven(count: number): string {
  return `${count} of them have addresses that are yet to be proven, and the project asks for that: nobody is mailed, and whoever has not asked for a mail and followed it within 7 days is removed.`;
}
