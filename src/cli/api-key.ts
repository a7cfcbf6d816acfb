import { Option } from 'commander';
import { OPERATOR } from '../application/actor.ts';
import type { Iam } from '../application/iam.ts';
import type { CommandLine } from './command-line.ts';
import { everyItem, wholeList } from './every-item.ts';
import { orElse } from './or-else.ts';
import { projectOf } from './project-option.ts';
import { table } from './text.ts';
import { withIam } from './with-iam.ts';

interface OfProject {
  readonly project: string;
}

interface Create extends OfProject {
  readonly permission: readonly string[];
  readonly expires?: string;
}

type Request = Parameters<Iam['projects']['listApiKeys']['execute']>[2];

/** Whose key it is, is never guessed. */
const OF_PROJECT = new Option('--project <id>', 'the project').makeOptionMandatory();
const PERMISSION = new Option('--permission <name>', 'auth, client-address or manage; may be given again')
  .argParser<readonly string[]>((name, before = []) => [...before, name])
  .makeOptionMandatory();
const EXPIRES = new Option('--expires <moment>', 'when it ends to work, as 2030-01-31T12:00:00Z; without it, never');
const EXAMPLE_PROJECT = '--project 01910000-0000-7000-8000-000000000001';

export function addApiKeyCommands(line: CommandLine): void {
  const { shell } = line;
  const apiKey = line.group('api-key', 'Make, list and revoke the API keys of a project');

  line.add<Create>(apiKey, {
    usage: 'create <name>',
    description: 'Make an API key; the key itself is shown this once',
    options: [OF_PROJECT, PERMISSION, EXPIRES],
    examples: [
      `api-key create "Web shop" ${EXAMPLE_PROJECT} --permission auth`,
      `api-key create Night ${EXAMPLE_PROJECT} --permission manage --expires 2030-01-31T12:00:00Z`,
    ],
    run: async ({ project, permission: permissions, expires: expiresAt, ...options }, name) => {
      const { apiKeyInput } = await import('../adapters/container/v1-input.ts');
      const input = apiKeyInput({ name, permissions, expiresAt });
      return withIam(shell, async ({ iam, v1 }) => {
        const { id: projectId } = await projectOf(iam, project);
        const made = await iam.projects.createApiKey.execute(OPERATOR, { projectId, ...input });
        const lines = table([
          ['API key', made.apiKey.id],
          ['Key', `${made.key}   (shown this once)`],
        ]);
        return line.answer(options, v1.presentCreatedApiKey(made.key, made.apiKey), lines);
      });
    },
  });

  line.add<OfProject>(apiKey, {
    usage: 'list',
    description: 'List the API keys of a project, newest first, revoked ones too',
    options: [OF_PROJECT],
    examples: [`api-key list ${EXAMPLE_PROJECT}`],
    run: ({ project, ...options }) =>
      withIam(shell, async ({ iam, v1 }) => {
        const { id } = await projectOf(iam, project);
        const keys = await everyItem((request: Request) => iam.projects.listApiKeys.execute(OPERATOR, id, request));
        const rows = keys.map((key) => [key.id, `${key.prefix}…`, key.permissions.join(','), stateOf(key), key.name]);
        const lines = table([['ID', 'KEY', 'PERMISSIONS', 'STATE', 'NAME'], ...rows]);
        return line.answer(options, wholeList(keys.map(v1.presentApiKey)), lines);
      }),
  });

  line.add<OfProject>(apiKey, {
    usage: 'revoke <id>',
    description: 'Revoke an API key: within 2 s it opens nothing any more',
    options: [OF_PROJECT],
    examples: [`api-key revoke 01910000-0000-7000-8000-000000000002 ${EXAMPLE_PROJECT}`],
    run: ({ project, ...options }, id = '') =>
      withIam(shell, async ({ iam, v1 }) => {
        const { id: projectId } = await projectOf(iam, project);
        const revoke = async () =>
          iam.projects.revokeApiKey.execute(OPERATOR, { projectId, apiKeyId: v1.apiKeyId(id) });
        await orElse(revoke(), `The project has no API key ${id}. Those that it has: castellan api-key list`);
        return line.answer(options, undefined, [`API key ${id} is revoked.`]);
      }),
  });
}

function stateOf({ revokedAt, expiresAt }: { readonly revokedAt: Date | null; readonly expiresAt: Date | null }) {
  if (revokedAt !== null) return `revoked ${revokedAt.toISOString()}`;
  return expiresAt === null ? 'live' : `until ${expiresAt.toISOString()}`;
}
