import type { OpenAPIHono, RouteConfig, z } from '@hono/zod-openapi';
import type { HttpEnvironment } from '../environment.ts';
import { ErrorView, InvalidInputView } from './gate-schemas.ts';

/** What the OpenAPI document says of one endpoint of the Gate or Public API. */
export interface GateOperation {
  readonly path: string;
  readonly method: 'get' | 'post';
  readonly summary: string;
  readonly body?: z.ZodType;
  /** A request without any body says the same as `{}`. */
  readonly bodyOptional?: boolean;
  readonly bearer?: boolean;
  readonly success: readonly [status: number, description: string, schema?: z.ZodType];
  /** Besides those that every endpoint has. */
  readonly refusals: Readonly<Record<number, string>>;
}

const json = (schema: z.ZodType) => ({ 'application/json': { schema } });

const projectId = {
  name: 'project_id',
  in: 'path',
  required: true,
  schema: { type: 'string', format: 'uuid' },
} as const;
const clientAddress = {
  name: 'X-Client-Address',
  in: 'header',
  description: 'The address of the person, from a key with the permission `client-address`.',
  schema: { type: 'string' },
} as const;

/** Adds the operation to the OpenAPI document. */
export function describeOperation(app: OpenAPIHono<HttpEnvironment>, operation: GateOperation): void {
  const { path, method, summary, body, bodyOptional = false, bearer = false } = operation;
  const [status, description, schema] = operation.success;
  const refusals: Record<number, string> = {
    401: 'Invalid API key',
    403: 'The key may not do this, or a network rule forbids it',
    ...(body === undefined ? {} : { 409: 'Somebody else changed the same thing at the same time' }),
    ...operation.refusals,
    ...(body === undefined ? {} : { 400: 'Malformed JSON', 413: 'More than 64 KiB', 415: 'Not JSON' }),
    ...(body === undefined || operation.refusals[400] === undefined
      ? {}
      : { 400: `Malformed JSON; ${operation.refusals[400]}` }),
    500: 'Something went wrong on the server',
    503: 'Overloaded, or something that the service needs does not answer',
  };
  const route: RouteConfig = {
    path,
    method,
    summary,
    tags: [path.startsWith('/gate/') ? 'Gate' : 'Public'],
    security: [bearer ? { apiKey: [], bearer: [] } : { apiKey: [] }],
    parameters: [projectId, clientAddress],
    ...(body === undefined ? {} : { request: { body: { required: !bodyOptional, content: json(body) } } }),
    responses: {
      [status]: { description, ...(schema === undefined ? {} : { content: json(schema) }) },
      ...Object.fromEntries(
        Object.entries(refusals).map(([code, text]) => [code, { description: text, content: json(ErrorView) }]),
      ),
      422: { description: 'Wrong shape', content: json(InvalidInputView) },
      429: { description: 'Too many requests', content: json(ErrorView) },
    },
  };
  app.openAPIRegistry.registerPath(route);
}
