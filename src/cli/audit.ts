import { Option } from 'commander';
import type { AuditVerifyOptions } from './audit-verify.ts';
import type { CommandLine } from './command-line.ts';

const JWKS = new Option(
  '--jwks <file-or-url>',
  'the public keys of the project, as its jwks.json has them',
).makeOptionMandatory();
const CHECKPOINTS = new Option('--checkpoints <file>', 'checkpoints that were kept elsewhere; may be given again')
  .argParser<readonly string[]>((file, before = []) => [...before, file])
  .default([], 'none');

export function addAuditCommands(line: CommandLine): void {
  line.add<Pick<AuditVerifyOptions, 'jwks' | 'checkpoints'>>(line.group('audit', 'Verify the audit trail'), {
    usage: 'verify <file>',
    description: 'Verify an export of the audit trail, offline; fails where it is not what the service wrote',
    options: [JWKS, CHECKPOINTS],
    examples: [
      'audit verify audit.ndjson --jwks jwks.json --checkpoints checkpoints.ndjson',
      'audit verify audit.ndjson --jwks https://iam.example.com/.well-known/jwks.json --json',
    ],
    run: async ({ json = false, ...options }, file = '') => {
      const { auditVerify } = await import('./audit-verify.ts');
      return auditVerify({ ...options, file, json }, line.shell);
    },
  });
}
