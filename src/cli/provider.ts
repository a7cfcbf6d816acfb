import { readFile } from 'node:fs/promises';
import { OPERATOR } from '../application/actor.ts';
import type { Iam } from '../application/iam.ts';
import type { CommandLine } from './command-line.ts';
import { orElse } from './or-else.ts';
import { PROJECT_OPTION, projectOf } from './project-option.ts';
import { table } from './text.ts';
import { withIam } from './with-iam.ts';

interface OfProject {
  readonly project?: string;
}

type Providers = Awaited<ReturnType<Iam['providers']['listProviders']['execute']>>;

const EXAMPLE_PROJECT = '--project 01910000-0000-7000-8000-000000000001';
const none = (id: string) => `The project has no provider ${id}. Those that it has: castellan provider list`;

export function addProviderCommands(line: CommandLine): void {
  const { shell } = line;
  const provider = line.group('provider', 'Configure the providers that people of a project sign in with');

  line.add<OfProject>(provider, {
    usage: 'create <file>',
    description: 'Configure a provider from a file of JSON, as the API takes it; its secret is kept sealed',
    options: [PROJECT_OPTION],
    examples: ['provider create google.json', `provider create /dev/stdin ${EXAMPLE_PROJECT} < acme.json`],
    run: async ({ project, ...options }, file = '') => {
      const { providerInput } = await import('../adapters/container/v1-input.ts');
      const input = providerInput(await jsonIn(file));
      return withIam(shell, async ({ iam, v1 }) => {
        const { id: projectId } = await projectOf(iam, project);
        const configured = await iam.providers.configureProvider.execute(OPERATOR, { ...input, projectId });
        return line.answer(options, v1.presentProvider(configured), describe([configured]));
      });
    },
  });

  line.add<OfProject>(provider, {
    usage: 'list',
    description: 'List the providers of a project, those that are switched off too',
    options: [PROJECT_OPTION],
    examples: ['provider list', `provider list ${EXAMPLE_PROJECT} --json`],
    run: ({ project, ...options }) =>
      withIam(shell, async ({ iam, v1 }) => {
        const { id } = await projectOf(iam, project);
        const listed = await iam.providers.listProviders.execute(OPERATOR, id);
        return line.answer(options, { data: listed.map(v1.presentProvider) }, describe(listed));
      }),
  });

  for (const [name, enabled, what] of [
    ['enable', true, 'Offer a provider again'],
    ['disable', false, 'Switch a provider off at once, also for whoever is on the way'],
  ] as const) {
    line.add<OfProject>(provider, {
      usage: `${name} <id>`,
      description: what,
      options: [PROJECT_OPTION],
      examples: [`provider ${name} google`, `provider ${name} google ${EXAMPLE_PROJECT}`],
      run: ({ project, ...options }, named = '') =>
        withIam(shell, async ({ iam, v1 }) => {
          const { id: projectId } = await projectOf(iam, project);
          const change = { projectId, id: v1.providerId(named), enabled };
          const changed = await orElse(iam.providers.changeProvider.execute(OPERATOR, change), none(named));
          return line.answer(options, v1.presentProvider(changed), describe([changed]));
        }),
    });
  }

  line.add<OfProject>(provider, {
    usage: 'remove <id>',
    description: 'Remove a provider with the links of its people, who cannot sign in with it any more',
    options: [PROJECT_OPTION],
    examples: ['provider remove google', `provider remove google ${EXAMPLE_PROJECT}`],
    run: ({ project, ...options }, named = '') =>
      withIam(shell, async ({ iam, v1 }) => {
        const { id: projectId } = await projectOf(iam, project);
        const removing = iam.providers.removeProvider.execute(OPERATOR, { projectId, id: v1.providerId(named) });
        await orElse(removing, none(named));
        return line.answer(options, undefined, [`Provider ${named} is removed.`]);
      }),
  });
}

function describe(providers: Providers): readonly string[] {
  const rows = providers.map(({ id, type, preset, enabled, name }) => [
    id,
    preset ?? type,
    enabled ? 'on' : 'off',
    name,
  ]);
  return table([['ID', 'KIND', 'STATE', 'NAME'], ...rows]);
}

async function jsonIn(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Error(`There is no file ${file} that can be read`);
  });
  try {
    return JSON.parse(text);
  } catch {
    // What is wrong with it is not shown: it holds a secret.
    throw new Error(`What ${file} holds is no JSON`);
  }
}
