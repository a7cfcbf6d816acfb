import { OPERATOR } from '../../application/actor.ts';
import type { Iam } from '../../application/iam.ts';
import type { Config } from '../config/config.ts';
import { type OwnerPassword, ownerPassword } from './owner-password.ts';

/** What a newcomer needs, and sees once. */
export interface FirstStart {
  readonly owner: { readonly email: string; readonly password: OwnerPassword };
  /** With the embedded database only. */
  readonly demo: { readonly projectId: string; readonly apiKey: string } | undefined;
}

/** Installs the platform unless that has been done. */
export async function firstStart(iam: Iam, config: Config, terminal: boolean): Promise<FirstStart | undefined> {
  if (await iam.projects.installPlatform.isDone()) return undefined;
  const { email } = config.owner;
  const password = await ownerPassword(config, terminal);
  const { installed } = await iam.projects.installPlatform.execute(OPERATOR, { email, password: password.secret });
  if (!installed) return undefined;
  return { owner: { email, password }, demo: config.database.kind === 'embedded' ? await demoProject(iam) : undefined };
}

async function demoProject(iam: Iam): Promise<FirstStart['demo']> {
  const { id: projectId } = await iam.projects.createProject.execute(OPERATOR, { name: 'Demo' });
  const permissions = ['auth'] as const;
  const { key: apiKey } = await iam.projects.createApiKey.execute(OPERATOR, { projectId, name: 'Demo', permissions });
  return { projectId, apiKey };
}
