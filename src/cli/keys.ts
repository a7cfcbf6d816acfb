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

type Keys = Awaited<ReturnType<Iam['projects']['listSigningKeys']['execute']>>;

const EXAMPLE_PROJECT = '--project 01910000-0000-7000-8000-000000000001';

export function addKeysCommands(line: CommandLine): void {
  const { shell } = line;
  const keys = line.group('keys', 'List, rotate and remove the signing keys of a project');

  line.add<OfProject>(keys, {
    usage: 'list',
    description: 'List the signing keys of a project that are in use or will be',
    options: [PROJECT_OPTION],
    examples: ['keys list', `keys list ${EXAMPLE_PROJECT} --json`],
    run: ({ project, ...options }) =>
      withIam(shell, async ({ iam, v1 }) => {
        const { id } = await projectOf(iam, project);
        const listed = await iam.projects.listSigningKeys.execute(OPERATOR, id);
        return line.answer(options, { data: listed.map(v1.presentSigningKey) }, describe(listed));
      }),
  });

  line.add<OfProject>(keys, {
    usage: 'rotate',
    description: 'Let the next key sign from now on; every token that was signed before stays good',
    options: [PROJECT_OPTION],
    examples: ['keys rotate', `keys rotate ${EXAMPLE_PROJECT}`],
    run: ({ project, ...options }) =>
      withIam(shell, async ({ iam, v1 }) => {
        const { id } = await projectOf(iam, project);
        const rotated = await iam.projects.rotateSigningKeys.execute(OPERATOR, id);
        return line.answer(options, { keys: rotated.map(v1.presentSigningKey) }, describe(rotated));
      }),
  });

  line.add<OfProject>(keys, {
    usage: 'remove <kid>',
    description:
      'Remove a compromised key at once; every token that it signed is void. One that begins with - comes after --',
    options: [PROJECT_OPTION],
    examples: [
      `keys remove 5oFd-VjJrQmYw1cXkq3Yp9yB2n0eT7hUuLxGzA4sWcE ${EXAMPLE_PROJECT}`,
      'keys remove -- -VjJrQmYw1cXkq3Yp9yB2n0eT7hUuLxGzA4sWcE5oFd',
    ],
    run: ({ project, ...options }, kid = '') =>
      withIam(shell, async ({ iam }) => {
        const { id: projectId } = await projectOf(iam, project);
        const removing = iam.projects.removeSigningKey.execute(OPERATOR, { projectId, kid });
        await orElse(removing, `The project has no signing key ${kid}. Those that it has: castellan keys list`);
        return line.answer(options, undefined, [`Signing key ${kid} is removed.`]);
      }),
  });
}

function describe(keys: Keys): readonly string[] {
  const rows = keys.map(({ kid, algorithm, stage, createdAt, activatedAt, expiresAt }) => [
    kid,
    algorithm,
    stage,
    createdAt.toISOString(),
    activatedAt?.toISOString() ?? '-',
    expiresAt?.toISOString() ?? '-',
  ]);
  return table([['KID', 'ALGORITHM', 'STAGE', 'CREATED', 'SIGNS SINCE', 'VERIFIES UNTIL'], ...rows]);
}
