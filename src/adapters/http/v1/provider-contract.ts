import { createRoute, z } from '@hono/zod-openapi';
import { SignIn } from './authentication-contract.ts';
import { answer, PROJECT_HEADER, problems, takes } from './documented.ts';
import { secretField } from './fields.ts';
import { CallbackQuery, returnToField, SignatureInput, StartInput } from './provider-fields.ts';
import { Link, Reauthenticated, SignInProvider, StartedAtProvider } from './provider-schemas.ts';

const TAGS = ['Sign in with a provider'];

const providerParam = z.object({ providerId: z.string() });

/** To a page with `code`, or with `error`, in its query. */
const sentOn = (description: string) => ({
  description,
  headers: { Location: { description: 'Where the browser goes.', schema: { type: 'string' as const } } },
});

export const StartQuery = z.object({
  returnTo: returnToField.optional(),
  projectId: z.uuid().optional().openapi({ description: 'The project to sign in to; absent: the platform project' }),
});

export const ExchangeInput = z.object({
  code: secretField,
  verifier: secretField.optional().openapi({ description: 'Left out by a browser that holds it as a cookie.' }),
});

export const listSignInProviders = createRoute({
  method: 'get',
  path: '/auth/providers',
  tags: TAGS,
  summary: 'What a sign-in page may offer',
  request: { headers: PROJECT_HEADER },
  responses: {
    200: answer('All that are enabled', z.object({ data: z.array(SignInProvider).readonly() })),
    ...problems(403, 404),
  },
});

export const startSignIn = createRoute({
  method: 'post',
  path: '/auth/login/{providerId}',
  tags: TAGS,
  summary: 'Begin to sign in with a provider; a wallet says address and chain',
  request: { params: providerParam, headers: PROJECT_HEADER, ...takes(StartInput, { required: false }) },
  responses: { 200: answer('Where to go, and what to keep', StartedAtProvider), ...problems(400, 403, 404) },
});

export const startInBrowser = createRoute({
  method: 'get',
  path: '/auth/login/{providerId}',
  tags: TAGS,
  summary: 'Begin to sign in with a provider, as a link of a page: the browser keeps the verifier as a cookie',
  request: { params: providerParam, headers: PROJECT_HEADER, query: StartQuery },
  responses: {
    303: sentOn('To the provider, or to the page that asks the wallet; with the cookie `__Host-castellan-verifier`'),
    ...problems(400, 403, 404),
  },
});

const VERIFIER_HEADER = z.object({
  'X-Verifier': z.string().optional().openapi({ description: 'The verifier, where no cookie has it' }),
});
const OUTCOME = {
  200: answer(
    'Signed in, or a tenant is to be chosen; or linked; or authenticated again: as it was begun',
    z.union([SignIn, Link, Reauthenticated]),
  ),
  303: sentOn('To the page that was named at the beginning, with a one-time `code`, or an `error`'),
  ...problems(400, 401, 403, 404, 409),
};

export const returnFromProvider = createRoute({
  method: 'get',
  path: '/auth/callback/{providerId}',
  tags: TAGS,
  summary: 'Come back from a provider; the state names the project and is good once',
  request: { params: providerParam, headers: VERIFIER_HEADER, query: CallbackQuery },
  responses: OUTCOME,
});

const { body: signed } = takes(SignatureInput);
const FORM = { 'application/x-www-form-urlencoded': { schema: SignatureInput } };

export const returnFromWallet = createRoute({
  method: 'post',
  path: '/auth/callback/{providerId}',
  tags: TAGS,
  summary:
    'Come back with the signature of a wallet, or with what a provider lets a form submit (`response_mode=form_post`)',
  request: {
    params: providerParam,
    headers: VERIFIER_HEADER,
    body: { ...signed, content: { ...signed.content, ...FORM } },
  },
  responses: OUTCOME,
});

export const exchangeCode = createRoute({
  method: 'post',
  path: '/auth/exchange',
  tags: TAGS,
  summary: 'Fetch the outcome of a sign-in that came back through a browser; once, within a minute',
  request: { headers: PROJECT_HEADER, ...takes(ExchangeInput) },
  responses: {
    200: answer('Signed in, or a tenant is to be chosen', SignIn),
    ...problems(400, 401, 403, 404),
  },
});
