import type { Command, Option } from 'commander';
import { oneLine } from './ended.ts';
import { EXIT, type ExitCode, type Shell } from './shell.ts';
import { jsonOf, textOf } from './text.ts';

interface Described<Options> {
  /** The name, and what it takes: `create <name>`. */
  readonly usage: string;
  readonly description: string;
  readonly examples: readonly [string, ...string[]];
  readonly options?: readonly Option[];
  /** `false` for what answers nothing. */
  readonly json?: boolean;
  /** Answers the exit code. */
  run(options: Options & { readonly json?: true }, ...args: readonly string[]): Promise<ExitCode>;
}

/** Commands that are all described, exemplified and refused alike. */
export class CommandLine {
  readonly program: Command;
  readonly shell: Shell;
  #exitCode: ExitCode = EXIT.ok;

  constructor(program: Command, shell: Shell) {
    this.shell = shell;
    this.program = program.exitOverride().configureOutput({
      writeOut: shell.out,
      writeErr: shell.error,
      outputError: adviser(program.name()),
    });
  }

  /** What the command that ran left its caller with. */
  get exitCode(): ExitCode {
    return this.#exitCode;
  }

  group(name: string, description: string): Command {
    return this.#advised(this.program.command(name).description(description));
  }

  add<Options = object>(
    group: Command,
    { usage, description, examples, options = [], json = true, run }: Described<Options>,
  ): void {
    const command = this.#advised(group.command(usage).description(description));
    for (const option of options) command.addOption(option);
    if (json) command.option('--json', 'answer in JSON, as the API does');
    command
      .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ castellan ${example}\n`).join('')}`)
      .action(async () => {
        this.#exitCode = await run(command.opts(), ...command.processedArgs);
      });
  }

  /** The same object as the API answers, or `lines` for people. What the API answers without a body is no JSON either. */
  answer({ json }: { readonly json?: true }, object: object | undefined, lines: readonly string[]): ExitCode {
    if (!json) this.shell.out(textOf(lines));
    else if (object !== undefined) this.shell.out(`${jsonOf(object)}\n`);
    return EXIT.ok;
  }

  #advised(command: Command): Command {
    const path = `${command.parent === this.program ? '' : `${command.parent?.name()} `}${command.name()}`;
    return command.configureOutput({ outputError: adviser(`${this.program.name()} ${path}`) });
  }
}

/** One line for what the caller got wrong, and where to look. */
function adviser(command: string) {
  return (text: string, write: (text: string) => void): void =>
    write(`${oneLine(text).replace(/\.$/, '')}. See: ${command} --help\n`);
}
