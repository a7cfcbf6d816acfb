import { Option } from 'commander';
import type { CommandLine } from './command-line.ts';
import { PROJECT_OPTION } from './project-option.ts';
import type { UsersExportOptions } from './users-export.ts';
import type { UsersImportOptions } from './users-import.ts';

const DRY_RUN = new Option('--dry-run', 'say what would become of every line, and save nothing');
const REPORT = new Option('--report <file>', 'a new file for every line that is refused, and why, as JSON');
const WITH_SECRETS = new Option('--with-secrets', 'with password hashes and the secrets of authenticator apps');
const FORCE = new Option('--force', 'take the place of a regular file that is there');

export function addUsersCommands(line: CommandLine): void {
  const users = line.group('users', 'Bring people in from elsewhere, and take them out again');

  line.add<UsersImportOptions>(users, {
    usage: 'import <file>',
    description:
      'Import people with their passwords, one JSON object a line (- for standard input); fails where a line is refused, and goes on where it was broken off',
    options: [PROJECT_OPTION, DRY_RUN, REPORT, FORCE],
    examples: [
      'users import users.ndjson --dry-run --report refused.ndjson',
      'users import users.ndjson --project 01910000-0000-7000-8000-000000000001',
      'users import - < users.ndjson',
    ],
    run: async (options, file = '') => {
      const { usersImport } = await import('./users-import.ts');
      return usersImport(file, options, line);
    },
  });

  line.add<UsersExportOptions>(users, {
    usage: 'export [file]',
    description: 'Export people as an import takes them; without a file, to standard output',
    options: [PROJECT_OPTION, WITH_SECRETS, FORCE],
    examples: [
      'users export users.ndjson',
      'users export backup.ndjson --with-secrets --project 01910000-0000-7000-8000-000000000001',
      'users export | jq -r .email',
    ],
    run: async (options, file) => {
      const { usersExport } = await import('./users-export.ts');
      return usersExport(file, options, line);
    },
  });
}
