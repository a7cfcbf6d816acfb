import { addressInUrl } from './address-in-url.ts';
import { isPublicAddress } from './public-address.ts';

const MAX_LENGTH = 2048;
/** As everybody writes and reads it: the parser of URLs forgives fewer and other slashes, and credentials that are empty. */
const WRITTEN = /^https?:\/\/([^\\/?#]+)/i;
/** It forgives these, too; and what turns the direction of the text shows a reader another address. */
const MISLEADING = /[\s\\\p{Cc}\p{Bidi_Control}]/u;

/**
 * What is wrong with the address of a receiver, as far as it can be seen without looking it up; where its name leads is
 * looked at with every attempt.
 */
export function webhookAddressFault(
  text: string,
  { allowPrivate }: { readonly allowPrivate: boolean },
): string | undefined {
  if (text.length > MAX_LENGTH) return `must have at most ${MAX_LENGTH} characters`;
  if (MISLEADING.test(text) || !URL.canParse(text)) return 'must be a URL';
  const url = new URL(text);
  const schemes = allowPrivate ? ['https:', 'http:'] : ['https:'];
  if (!schemes.includes(url.protocol)) return 'must be an https URL';
  const authority = WRITTEN.exec(text)?.[1];
  if (authority === undefined) return 'must be a URL';
  if (authority.includes('@')) return 'must not have credentials';
  if (text.includes('#')) return 'must not have a fragment';
  const address = addressInUrl(url);
  if (address !== undefined && !allowPrivate && !isPublicAddress(address)) return 'must be a public address';
  return undefined;
}
