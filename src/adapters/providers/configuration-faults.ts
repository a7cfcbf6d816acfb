import type { ProviderAdapter, ProviderConfiguration } from '../../ports/auth-provider.ts';

type Faults = ReturnType<ProviderAdapter['faultsOf']>;

/** RFC 6749 §3.3. */
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

export function oidcFaults(configuration: ProviderConfiguration, allowPrivate: boolean): Faults {
  return [...urlFaults(configuration, 'issuer', allowPrivate), ...clientFaults(configuration)];
}

export function oauth2Faults(configuration: ProviderConfiguration, allowPrivate: boolean): Faults {
  const { issuer, mapping, scopes } = configuration;
  const openid = { field: 'scopes', message: 'openid is for providers of type oidc' };
  return [
    ...urlFaults(configuration, 'authorizeUrl', allowPrivate),
    ...urlFaults(configuration, 'tokenUrl', allowPrivate),
    ...urlFaults(configuration, 'userinfoUrl', allowPrivate),
    ...(issuer === null ? [] : urlFaults(configuration, 'issuer', allowPrivate)),
    ...missing('mapping.subject', mapping?.subject),
    ...clientFaults(configuration),
    // Its ID token would be one that nobody has asked for here, nor checks.
    ...(scopes.includes('openid') ? [openid] : []),
  ];
}

export function walletFaults({ chainIds }: ProviderConfiguration): Faults {
  const sane = chainIds.every((chainId) => Number.isSafeInteger(chainId) && chainId > 0);
  return sane ? [] : [{ field: 'chainIds', message: 'must be positive whole numbers (EIP-155)' }];
}

function clientFaults({ clientId, clientSecret, scopes }: ProviderConfiguration): Faults {
  const named = scopes.every((scope) => SCOPE.test(scope));
  return [
    ...missing('clientId', clientId),
    ...missing('clientSecret', clientSecret),
    ...(named ? [] : [{ field: 'scopes', message: 'must be names of scopes' }]),
  ];
}

function missing(field: string, value: string | null | undefined): Faults {
  return value ? [] : [{ field, message: 'is needed' }];
}

/** Of a URL that is asked, or that people are sent to. */
function urlFaults(
  configuration: ProviderConfiguration,
  field: 'issuer' | 'authorizeUrl' | 'tokenUrl' | 'userinfoUrl',
  allowPrivate: boolean,
): Faults {
  const value = configuration[field];
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
