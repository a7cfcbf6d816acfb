import { parseArgs } from 'node:util';
import { auditVerify } from './audit-verify.ts';
import { EXIT, type ExitCode, type Output } from './exit-codes.ts';

const USAGE = `castellan audit verify <file> --jwks <file or URL> [--checkpoints <file>]… [--json]

  Verifies an export of the audit trail, offline. Exit code 0: it is what the service wrote; 1: it is not; 2: wrong usage.
`;

/** The command line. */
export async function castellan(args: readonly string[], output: Output): Promise<ExitCode> {
  const options = optionsOf(args);
  if (options === undefined) {
    output.error(USAGE);
    return EXIT.usage;
  }
  try {
    return await auditVerify(options, output);
  } catch (error) {
    output.error(`${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT.failed;
  }
}

function optionsOf(args: readonly string[]): Parameters<typeof auditVerify>[0] | undefined {
  const options = {
    jwks: { type: 'string' },
    checkpoints: { type: 'string', multiple: true },
    json: { type: 'boolean' },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [group, command, file, ...more] = positionals;
    const { jwks, checkpoints = [], json = false } = values;
    const asked = group === 'audit' && command === 'verify' && more.length === 0;
    return asked && file !== undefined && jwks !== undefined ? { file, jwks, checkpoints, json } : undefined;
  } catch {
    return undefined;
  }
}
