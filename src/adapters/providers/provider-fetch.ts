import type { CustomFetch } from 'openid-client';
import { unavailable } from './refusals.ts';

/** A provider that is in trouble, or has no time, has said nothing about anybody. Rejects with `unavailable`. */
export function providerFetch(fetch: CustomFetch): CustomFetch {
  return async (url, options) => {
    const answer = await fetch(url, options);
    if (answer.status >= 500 || answer.status === 429) throw unavailable(new Error(`answered ${answer.status}`));
    return answer;
  };
}
