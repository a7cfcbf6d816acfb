import { IamError } from '../../domain/errors.ts';
import type { ProviderAdapter, ProviderAnswer, ProviderConfiguration } from '../../ports/auth-provider.ts';

/** What an adapter does with people. */
export type RoundTrip = Pick<ProviderAdapter, 'start' | 'finish'>;

/** The one redirect URI of a provider, as it is registered there. One for each provider (RFC 9700 §4.4.2.2). */
export function redirectUriOf(publicUrl: string, { id }: ProviderConfiguration): string {
  return new URL(`${publicUrl}/api/v1/auth/callback/${id}`).href;
}

/** Where the browser has come back to. @throws IamError `token-invalid` */
export function returnOf(redirectUri: string, answer: ProviderAnswer): URL {
  if (answer.kind !== 'redirect') throw new IamError('token-invalid');
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer.parameters)) url.searchParams.set(name, value);
  return url;
}
