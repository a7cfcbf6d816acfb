import type { Context } from 'hono';
import { projectOfState } from '../../../application/providers/project-of-state.ts';
import type { HttpEnvironment } from '../environment.ts';
import { isForm, readForm, readJson } from '../middleware/body.ts';
import { requestHeader } from '../middleware/request-header.ts';
import { validated } from '../middleware/validated.ts';
import { readQuery } from './page.ts';
import { CallbackQuery, redirectAnswer, SignatureInput } from './provider-fields.ts';
import { heldVerifier } from './verifier-cookie.ts';

type HttpContext = Context<HttpEnvironment>;

/**
 * The project that somebody comes back to: a provider sends the browser, with no header of ours, so the state names it.
 * Leaves `returned`.
 * @throws IamError `validation-error`
 */
export async function projectOfReturn(c: HttpContext): Promise<string | undefined> {
  const returned = c.req.method === 'POST' ? await submitted(c) : fromQuery(c);
  c.set('returned', returned);
  return projectOfState(returned.state);
}

type Returned = HttpEnvironment['Variables']['returned'];

function fromQuery(c: HttpContext): Returned {
  return redirected(c, readQuery(c, CallbackQuery));
}

async function submitted(c: HttpContext): Promise<Returned> {
  const body = isForm(c) ? await readForm(c) : await readJson(c);
  if (isForm(c) && !isSigned(body)) return redirected(c, validated(CallbackQuery, body));
  const { state, signature, verifier } = validated(SignatureInput, body);
  return { ...held(c), ...(verifier && { verifier }), state, answer: { kind: 'signature', signature } };
}

/** What a wallet signs comes in a form of our own page, anything else in one of a provider's. */
function isSigned(fields: unknown): boolean {
  return typeof fields === 'object' && fields !== null && 'signature' in fields;
}

function redirected(c: HttpContext, query: ReturnType<typeof CallbackQuery.parse>): Returned {
  return { ...held(c), state: query.state, answer: redirectAnswer(query) };
}

function held(c: HttpContext): Pick<Returned, 'verifier' | 'ofBrowser'> {
  return { verifier: requestHeader(c, 'x-verifier'), ofBrowser: heldVerifier(c) };
}
