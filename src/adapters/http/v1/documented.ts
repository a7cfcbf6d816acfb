import { type createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { H } from 'hono/types';
import type { HttpEnvironment } from '../environment.ts';

/** Serves what `route` documents. Bodies are parsed by the handler, so that one place words every refusal. */
export function serve(
  routes: OpenAPIHono<HttpEnvironment>,
  route: ReturnType<typeof createRoute>,
  door: MiddlewareHandler<HttpEnvironment>,
  handler: H<HttpEnvironment>,
): void {
  const body = route.request?.body === undefined ? {} : problems(400, 413, 415);
  const write = route.method === 'get' ? {} : problems(409);
  routes.openAPIRegistry.registerPath({ ...route, responses: { ...body, ...write, ...route.responses } });
  routes.on([route.method], [route.getRoutingPath()], door, handler);
}

export const Problem = z
  .object({
    type: z.url(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    trace_id: z.string(),
    errors: z
      .array(
        z.object({
          field: z.string(),
          message: z.string(),
          code: z.enum([
            'REQUIRED',
            'INVALID_TYPE',
            'INVALID_FORMAT',
            'TOO_SHORT',
            'TOO_LONG',
            'TOO_BIG',
            'TOO_SMALL',
            'NOT_ALLOWED',
          ]),
        }),
      )
      .optional(),
    challengeToken: z.string().optional().openapi({ description: 'After a provider: for `POST /auth/mfa/challenge`.' }),
    requiredPermission: z.string().optional(),
    permission: z.string().optional(),
    limit: z.int().optional(),
  })
  .openapi('Problem');

export const PROBLEM_CONTENT = { 'application/problem+json': { schema: Problem } };

const REASONS = {
  400: 'The input is not valid, or refused by the policy',
  401: 'Credentials or token missing, wrong or expired',
  403: 'Closed by policy, state or missing permission',
  404: 'Nothing here that you may see',
  409: 'In conflict with what is there, or with somebody else at the same time',
  412: 'Changed since it was read',
  413: 'A body of more than 64 KiB',
  415: 'A body that is not JSON',
  422: 'Idempotency-Key reused for another request',
} as const;

type Answer = { description: string; content?: { [mediaType: string]: { schema: z.ZodType } } };

/** The answers of a route that are problems; what every route may answer is always among them. */
export function problems(...statuses: readonly (keyof typeof REASONS)[]): Record<number, Answer> {
  return {
    ...Object.fromEntries(
      statuses.map((status) => [status, { description: REASONS[status], content: PROBLEM_CONTENT }]),
    ),
    429: { description: 'Asked too often; see Retry-After', content: PROBLEM_CONTENT },
    500: { description: 'Something went wrong on the server', content: PROBLEM_CONTENT },
    503: { description: 'Overloaded, or something that is needed does not answer', content: PROBLEM_CONTENT },
  };
}

/** The answer of a route that carries JSON. */
export function answer(description: string, schema: z.ZodType): Answer {
  return { description, content: { 'application/json': { schema } } };
}

export const NO_CONTENT = { description: 'Done' } as const;

/** The request of a route that takes JSON. */
export function takes(schema: z.ZodType, options: { readonly required: boolean } = { required: true }) {
  return { body: { ...options, content: { 'application/json': { schema } } } };
}

export const BEARER = [{ bearer: [] }];
/** Also for a back end that administers its project: a key with `manage`. */
export const BEARER_OR_KEY = [{ bearer: [] }, { apiKey: [] }];
/** What goes with a key; a bearer carries its own project. */
export const KEY_PROJECT_HEADER = z.object({
  'X-Project-Id': z
    .string()
    .optional()
    .openapi({ description: 'The project of the key; absent: the platform project' }),
});
/** For anybody, signed in or not. */
export const PERHAPS_BEARER = [{}, { bearer: [] }];

export const PROJECT_HEADER = z.object({
  'X-Project-Id': z.string().optional().openapi({ description: 'The project to act in; absent: the platform project' }),
});
