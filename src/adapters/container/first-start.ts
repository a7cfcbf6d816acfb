import { OPERATOR } from '../../application/actor.ts';
import type { Iam } from '../../application/iam.ts';
import type { Config } from '../config/config.ts';
import { type OwnerPassword, ownerPassword } from './owner-password.ts';

/** What a newcomer needs, and sees once. */
export interface FirstStart {
  readonly owner: FirstOwner;
  /** With the embedded database only. */
  readonly demo: { readonly projectId: string; readonly apiKey: string } | undefined;
}

export interface FirstOwner {
  readonly email: string;
  readonly password: OwnerPassword;
}

/** Installs the platform unless that has been done. */
export async function firstStart(iam: Iam, config: Config, terminal: boolean): Promise<FirstStart | undefined> {
  const owner = await firstOwner(iam, config, terminal);
  if (owner === undefined) return undefined;
  return { owner, demo: config.database.kind === 'embedded' ? await demoProject(iam) : undefined };
}

/** The platform and its owner alone. */
export async function firstOwner(
  iam: Iam,
  config: Pick<Config, 'owner' | 'dataDir'>,
  terminal: boolean,
): Promise<FirstOwner | undefined> {
  if (await iam.projects.installPlatform.isDone()) return undefined;
  const { email } = config.owner;
  const password = await ownerPassword(config, terminal);
  const { installed } = await iam.projects.installPlatform.execute(OPERATOR, { email, password: password.secret });
  return installed ? { email, password } : undefined;
}

async function demoProject(iam: Iam): Promise<FirstStart['demo']> {
  const { id: projectId } = await iam.projects.createProject.execute(OPERATOR, { name: 'Demo' });
  const permissions = ['auth'] as const;
  const { key: apiKey } = await iam.projects.createApiKey.execute(OPERATOR, { projectId, name: 'Demo', permissions });
  return { projectId, apiKey };
}
