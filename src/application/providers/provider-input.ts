import { IamError, type Violation } from '../../domain/errors.ts';
import type { AuthProviderState, ProviderId, ProviderType } from '../../domain/project/auth-provider.ts';
import { PROVIDER_PRESETS, type ProviderPreset } from '../../domain/project/provider-presets.ts';
import type { ProviderAdapters } from '../../ports/auth-provider.ts';
import type { SecretBox } from '../../ports/secret-box.ts';
import { providerConfiguration } from './provider-configuration.ts';

/** Whatever of it somebody names. */
export type Given<T> = { readonly [Name in keyof T]?: T[Name] | undefined };

/** What `lastLoginMethod` says of other ways in. */
const TAKEN: readonly string[] = ['email', 'recovery'];
const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** @throws IamError `validation-error` */
export function parseProviderId(raw: string): ProviderId {
  if (SLUG.test(raw) && !TAKEN.includes(raw)) return raw as ProviderId;
  const message =
    'must be a slug of at most 63 lower-case letters, digits and hyphens, and neither "email" nor "recovery"';
  throw refused([{ field: 'id', message, code: 'INVALID_FORMAT' }]);
}

/** A preset says what type it is of. @throws IamError `validation-error` */
export function typeOf(type: ProviderType | undefined, preset: ProviderPreset | undefined): ProviderType {
  const wanted = preset === undefined ? type : PROVIDER_PRESETS[preset].type;
  if (wanted === undefined) throw refused([{ field: 'type', message: 'is required', code: 'REQUIRED' }]);
  if (type !== undefined && type !== wanted) {
    throw refused([{ field: 'type', message: `must be ${wanted} for this preset`, code: 'NOT_ALLOWED' }]);
  }
  return wanted;
}

/** Everything that its adapter would need is there. @throws IamError `validation-error` naming every fault */
export function assertUsable(provider: AuthProviderState, adapters: ProviderAdapters, secretBox: SecretBox): void {
  const adapter = Object.hasOwn(adapters, provider.type) ? adapters[provider.type] : undefined;
  if (adapter === undefined) {
    throw refused([{ field: 'type', message: 'is none that is served here', code: 'NOT_ALLOWED' }]);
  }
  const faults = adapter.faultsOf(providerConfiguration(provider, secretBox));
  if (faults.length > 0) throw refused(faults.map((fault) => ({ ...fault, code: 'INVALID_FORMAT' })));
}

function refused(violations: readonly Violation[]): IamError<'validation-error'> {
  return new IamError('validation-error', { violations });
}
