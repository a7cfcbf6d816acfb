import type { Context } from 'hono';
import { IamError } from '../../../domain/errors.ts';
import type { Dialect } from '../../../domain/events.ts';
import type { RateLimit, RateLimitCategory } from '../../../domain/project/project-settings.ts';
import type { RateWindow } from '../../../ports/rate-limiter.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { setAnswerHeader } from './answer-header.ts';

type Limiting = Pick<HttpDependencies, 'rateLimiter'>;

/** Names of windows in the v1 API's headers. */
const WINDOW_NAMES: Readonly<Record<RateLimitCategory, string>> = {
  login: 'login',
  register: 'register',
  passwordReset: 'password_reset',
  general: 'general',
};

/**
 * Counts the request against its project's limit for `category`, per client network. Needs `project` and
 * `clientNetwork`.
 * @throws IamError `rate-limited`
 */
export function countCategory(
  c: Context<HttpEnvironment>,
  deps: Limiting,
  category: RateLimitCategory,
  dialect: Dialect,
): Promise<void> {
  const { id, settings } = c.get('project');
  const key = `${id}:${category}:${c.get('clientNetwork')}`;
  return countRequest(c, deps, { name: WINDOW_NAMES[category], key, limit: settings.rateLimits[category], dialect });
}

/**
 * Counts the request and shows the window in the answer's headers, in the syntax of `dialect`; of several windows the
 * tighter is shown.
 * @throws IamError `rate-limited`
 */
export async function countRequest(
  c: Context<HttpEnvironment>,
  deps: Limiting,
  counter: { readonly name: string; readonly key: string; readonly limit: RateLimit; readonly dialect: Dialect },
): Promise<void> {
  const window = await deps.rateLimiter.hit(counter.key, counter.limit);
  showWindow(c, counter, window);
  refuseExceeded(window);
}

/** Sets the headers of `window` unless a tighter one is shown. */
export function showWindow(
  c: Context<HttpEnvironment>,
  counter: { readonly name: string; readonly dialect: Dialect },
  window: RateWindow,
): void {
  const shown = c.get('rateWindow') as HttpEnvironment['Variables']['rateWindow'] | undefined;
  if (shown !== undefined && !isTighter(window, shown.window)) return;
  c.set('rateWindow', { name: counter.name, window });
  HEADER_WRITERS[counter.dialect](c, counter.name, window);
}

/** @throws IamError `rate-limited` */
export function refuseExceeded(window: RateWindow): void {
  if (window.exceeded) throw new IamError('rate-limited', { retryAfterSeconds: window.resetSeconds });
}

function isTighter(a: RateWindow, b: RateWindow): boolean {
  if (a.exceeded !== b.exceeded) return a.exceeded;
  return a.remaining === b.remaining ? a.resetSeconds > b.resetSeconds : a.remaining < b.remaining;
}

type HeaderWriter = (c: Context<HttpEnvironment>, name: string, window: RateWindow) => void;

const HEADER_WRITERS: Readonly<Record<Dialect, HeaderWriter>> = {
  gate: (c, _name, { limit, windowSeconds, remaining, resetSeconds }) => {
    setAnswerHeader(c, 'RateLimit-Policy', `${limit};w=${windowSeconds}`);
    setAnswerHeader(c, 'RateLimit', `limit=${limit}, remaining=${remaining}, reset=${resetSeconds}`);
  },
  // draft-ietf-httpapi-ratelimit-headers: structured fields.
  v1: (c, name, { limit, windowSeconds, remaining, resetSeconds }) => {
    setAnswerHeader(c, 'RateLimit-Policy', `"${name}";q=${limit};w=${windowSeconds}`);
    setAnswerHeader(c, 'RateLimit', `"${name}";r=${remaining};t=${resetSeconds}`);
  },
};
