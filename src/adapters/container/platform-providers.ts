import { isDeepStrictEqual } from 'node:util';
import { OPERATOR } from '../../application/actor.ts';
import type { Iam } from '../../application/iam.ts';
import { providerConfiguration } from '../../application/providers/provider-configuration.ts';
import { parseProviderId } from '../../application/providers/provider-input.ts';
import { IamError } from '../../domain/errors.ts';
import type { AuthProviderState } from '../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { Ports } from '../../ports/ports.ts';
import { type Config, ConfigError } from '../config/config.ts';

type PlatformProvider = Config['platformProviders'][number];
type Held = Pick<Ports, 'authProviderDirectory' | 'secretBox'>;

/**
 * Makes the providers of the platform what the environment says. What it leaves out stays as it is, and nothing is
 * written where nothing changes.
 * @throws ConfigError naming every provider that is wrong
 */
export async function applyPlatformProviders(
  iam: Iam,
  held: Held,
  providers: Config['platformProviders'],
): Promise<void> {
  if (providers.length === 0) return;
  const { id: projectId } = await iam.projects.findProject.execute(undefined);
  const faults: string[] = [];
  for (const given of providers) {
    await apply(iam, held, projectId, given).catch((refusal: unknown) => {
      if (!(refusal instanceof IamError)) throw refusal;
      faults.push(`PLATFORM_PROVIDERS: ${given.id}: ${reasonOf(refusal)}`);
    });
  }
  if (faults.length > 0) throw new ConfigError(faults);
}

async function apply(iam: Iam, held: Held, projectId: ProjectId, given: PlatformProvider, again = true): Promise<void> {
  const id = parseProviderId(given.id);
  const present = await held.authProviderDirectory.byId(projectId, id);
  if (present !== undefined) {
    const changes = changesOf(given, present, held);
    if (Object.keys(changes).length > 0) {
      await iam.providers.changeProvider.execute(OPERATOR, { ...changes, projectId, id });
    }
    return;
  }
  try {
    await iam.providers.configureProvider.execute(OPERATOR, { ...given, projectId });
  } catch (refusal) {
    // Another process that starts at the same time was first.
    if (!again || !(refusal instanceof IamError && refusal.is('conflict'))) throw refusal;
    await apply(iam, held, projectId, given, false);
  }
}

/** @throws IamError `validation-error` where it would be somebody else whose word is taken */
function changesOf(
  { id: _, type, preset, issuer, ...settings }: PlatformProvider,
  present: AuthProviderState,
  { secretBox }: Held,
): Partial<PlatformProvider> {
  const { clientSecret } = providerConfiguration(present, secretBox);
  const isNew = (now: object) => (entry: readonly [string, unknown]) =>
    entry[1] !== undefined && !isDeepStrictEqual(entry[1], now[entry[0] as keyof typeof now]);
  const violations = Object.entries({ type, preset, issuer })
    .filter(isNew(present))
    .map(([field]) => ({ field, message: 'cannot change; remove the provider first', code: 'NOT_ALLOWED' }) as const);
  if (violations.length > 0) throw new IamError('validation-error', { violations });
  return Object.fromEntries(Object.entries(settings).filter(isNew({ ...present, clientSecret })));
}

function reasonOf(refusal: IamError): string {
  if (!refusal.is('validation-error')) return refusal.code;
  return refusal.details.violations.map(({ field, message }) => `${field} ${message}`).join('; ');
}
