import { InvalidArgumentError, Option } from 'commander';
import { OPERATOR } from '../application/actor.ts';
import type { Iam } from '../application/iam.ts';
import type { CommandLine } from './command-line.ts';
import { everyItem, wholeList } from './every-item.ts';
import { type Project, projectOf } from './project-option.ts';
import { table } from './text.ts';
import { withIam } from './with-iam.ts';

type Request = Parameters<Iam['projects']['listProjects']['execute']>[1];

export function addProjectCommands(line: CommandLine): void {
  const { shell } = line;
  const project = line.group('project', 'Make and look at projects, which are sealed pools of identities');

  line.add<{ readonly settings?: object }>(project, {
    usage: 'create <name>',
    description: 'Make a project',
    options: [
      new Option('--settings <json>', 'settings that differ from the defaults, as the API takes them').argParser(json),
    ],
    examples: ['project create Shop', `project create Shop --settings '{"userLimit": 5000}' --json`],
    run: async ({ settings, ...options }, name) => {
      const { projectInput } = await import('../adapters/container/v1-input.ts');
      const input = projectInput({ name, ...(settings && { settings }) });
      return withIam(shell, async ({ iam, v1 }) => {
        const made = await iam.projects.createProject.execute(OPERATOR, input);
        const next = `An API key for its back end: castellan api-key create "${made.name}" --project ${made.id} --permission auth`;
        return line.answer(options, v1.presentProject(made), [...describe(made), '', next]);
      });
    },
  });

  line.add(project, {
    usage: 'list',
    description: 'List all projects, newest first',
    examples: ['project list', "project list --json | jq -r '.data[].id'"],
    run: (options) =>
      withIam(shell, async ({ iam, v1 }) => {
        const projects = await everyItem((request: Request) => iam.projects.listProjects.execute(OPERATOR, request));
        const rows = projects.map(({ id, name, createdAt, platform }) => [
          id,
          createdAt.toISOString(),
          platform ? `${name} (the platform)` : name,
        ]);
        return line.answer(
          options,
          wholeList(projects.map(v1.presentProject)),
          table([['ID', 'CREATED', 'NAME'], ...rows]),
        );
      }),
  });

  line.add(project, {
    usage: 'show [id]',
    description: 'Show a project with its settings; without an id, the platform project',
    examples: ['project show', 'project show 01910000-0000-7000-8000-000000000001 --json'],
    run: (options, id) =>
      withIam(shell, async ({ iam, v1 }) => {
        const shown = await projectOf(iam, id);
        const settings = JSON.stringify(shown.settings, null, 2).split('\n');
        return line.answer(options, v1.presentProject(shown), [...describe(shown), '', ...settings]);
      }),
  });
}

function describe({ id, name, rootTenantId, createdAt }: Project): readonly string[] {
  return table([
    ['Project', id],
    ['Name', name],
    ['Root tenant', rootTenantId],
    ['Created', createdAt.toISOString()],
  ]);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('It is not JSON');
  }
}
