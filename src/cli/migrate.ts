import { readConfig } from '../adapters/config/config.ts';
import type { CommandLine } from './command-line.ts';

export function addMigrateCommand(line: CommandLine): void {
  const { shell } = line;
  line.add(line.program, {
    usage: 'migrate',
    description: 'Bring the schema of the database up to date, as every start does',
    examples: ['migrate'],
    run: async (options) => {
      const { migrateDatabase } = await import('../adapters/container/database.ts');
      const applied = await migrateDatabase(readConfig(shell.terminal, shell.environment));
      const lines =
        applied.length === 0
          ? ['The schema is up to date: nothing to apply.']
          : [`Applied ${applied.length}:`, ...applied.map((name) => `  ${name}`)];
      return line.answer(options, { applied }, lines);
    },
  });
}
