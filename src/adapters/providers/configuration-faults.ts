import type { ProviderAdapter } from '../../ports/auth-provider.ts';

type Faults = ReturnType<ProviderAdapter['faultsOf']>;

/** RFC 6749 §3.3. */
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

export function missing(field: string, value: string | null | undefined): Faults {
  return value ? [] : [{ field, message: 'is needed' }];
}

/** Of a URL that is asked, or that people are sent to. */
export function urlFaults(field: string, value: string | null, allowPrivate: boolean): Faults {
  if (value === null) return missing(field, value);
  const message = urlFault(value, allowPrivate);
  return message === undefined ? [] : [{ field, message }];
}

function urlFault(value: string, allowPrivate: boolean): string | undefined {
  if (!URL.canParse(value)) return 'must be a URL';
  const { protocol, username, password, hash } = new URL(value);
  if (protocol !== 'https:' && !(allowPrivate && protocol === 'http:')) return 'must be an https URL';
  if (username !== '' || password.length > 0) return 'must not carry credentials';
  return hash === '' ? undefined : 'must not have a fragment';
}

export function scopeFaults(scopes: readonly string[]): Faults {
  return scopes.every((scope) => SCOPE.test(scope)) ? [] : [{ field: 'scopes', message: 'must be names of scopes' }];
}
