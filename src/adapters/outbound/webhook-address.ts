import { addressInUrl } from './address-in-url.ts';
import { isPublicAddress } from './public-address.ts';

const MAX_LENGTH = 2048;

/**
 * What is wrong with the address of a receiver, as far as it can be seen without looking it up; where its name leads is
 * looked at with every attempt.
 */
export function webhookAddressFault(
  text: string,
  { allowPrivate }: { readonly allowPrivate: boolean },
): string | undefined {
  if (text.length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters`;
  // The URL parser forgives white space and control characters, and drops a fragment that is empty.
  if (/[\s\p{Cc}]/u.test(text) || !URL.canParse(text)) return 'must be a URL';
  const url = new URL(text);
  const schemes = allowPrivate ? ['https:', 'http:'] : ['https:'];
  if (!schemes.includes(url.protocol)) return 'must be an https URL';
  if (url.username.length + url.password.length > 0) return 'must not have credentials';
  if (text.includes('#')) return 'must not have a fragment';
  const address = addressInUrl(url);
  if (address !== undefined && !allowPrivate && !isPublicAddress(address)) return 'must be a public address';
  return undefined;
}
