import { type Config, ConfigError, readConfig } from '../adapters/config/config.ts';
import type { Finding } from '../adapters/container/doctor/finding.ts';
import type { CommandLine } from './command-line.ts';
import { EXIT, type Shell } from './shell.ts';
import { jsonOf, textOf } from './text.ts';

const CHECK_WIDTH = 15;

export function addDoctorCommand(line: CommandLine): void {
  const { shell } = line;
  line.add(line.program, {
    usage: 'doctor',
    description: 'Look at configuration, database, cache, mail server, keys and clocks, and say what to do',
    examples: ['doctor', 'doctor --json | jq \'.checks[] | select(.status != "ok")\''],
    run: async ({ json }) => {
      const checks: Finding[] = [];
      for await (const finding of findings(shell)) {
        checks.push(finding);
        // Each as it comes: some take a while.
        if (!json) shell.out(textOf(describe(finding)));
      }
      const healthy = checks.every(({ status }) => status !== 'fail');
      if (json) shell.out(`${jsonOf({ healthy, checks })}\n`);
      return healthy ? EXIT.ok : EXIT.failed;
    },
  });
}

/** A wrong environment is a finding like any other, and leaves nothing else to look at. */
async function* findings({ terminal, environment }: Shell): AsyncGenerator<Finding> {
  const config = environmentOf(() => readConfig(terminal, environment));
  if (config instanceof ConfigError) {
    const advice = 'See the table of variables in the README.';
    for (const message of config.faults) yield { check: 'configuration', status: 'fail', message, advice };
    return;
  }
  const { examine } = await import('../adapters/container/doctor/examine.ts');
  yield* examine(config);
}

function environmentOf(read: () => Config): Config | ConfigError {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

function describe({ check, status, message, advice }: Finding): readonly string[] {
  const line = `${status.padEnd(4)}  ${check.padEnd(CHECK_WIDTH)} ${message}`;
  return advice === null ? [line] : [line, `${' '.repeat(CHECK_WIDTH + 7)}-> ${advice}`];
}
