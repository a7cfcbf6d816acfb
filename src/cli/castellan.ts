import { Command, CommanderError } from 'commander';
import { version } from '../adapters/container/version.ts';
import { addApiKeyCommands } from './api-key.ts';
import { addAuditCommands } from './audit.ts';
import { CommandLine } from './command-line.ts';
import { addDoctorCommand } from './doctor.ts';
import { ended } from './ended.ts';
import { addFenceCommand } from './fence.ts';
import { addKeysCommands } from './keys.ts';
import { addMigrateCommand } from './migrate.ts';
import { addOwnerCommands } from './owner.ts';
import { addProjectCommands } from './project.ts';
import { addProviderCommands } from './provider.ts';
import { addServeCommand } from './serve-command.ts';
import { EXIT, type ExitCode, type Shell } from './shell.ts';
import { addUserCommands } from './unlock.ts';
import { addUsersCommands } from './users.ts';

/** The command line: does what `args` say, and answers the exit code. */
export function castellan(args: readonly string[], shell: Shell): Promise<ExitCode> {
  return ended(async () => {
    const line = commandLine(shell);
    try {
      await line.program.parseAsync([...args], { from: 'user' });
      return line.exitCode;
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    }
  }, shell);
}

/** All commands, described. */
export function commandLine(shell: Shell): CommandLine {
  const program = new Command('castellan')
    .description('Runs Castellan and looks after it, where it is configured: by the same environment as the service')
    .version(version());
  const line = new CommandLine(program, shell);
  addServeCommand(line);
  addMigrateCommand(line);
  addDoctorCommand(line);
  addFenceCommand(line);
  addProjectCommands(line);
  addApiKeyCommands(line);
  addProviderCommands(line);
  addOwnerCommands(line);
  addUserCommands(line);
  addUsersCommands(line);
  addKeysCommands(line);
  addAuditCommands(line);
  return line;
}
