import { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { type ReadyMade, readyMade } from '../middleware/ready-made.ts';

const INFO = {
  title: 'Castellan',
  version: '1',
  description:
    'Two dialects of one service: the Gate and Public API for the back end of an application that owns a project, ' +
    'and the v1 API (also at `/v1`) for first-party front ends.',
} as const;

const REQUEST_ID = {
  description: 'The caller’s `X-Request-Id` if that is a UUID, else a new one.',
  schema: { type: 'string', format: 'uuid' },
} as const;

/** OpenAPI 3.1 of both APIs, made when it is first asked for. */
export function openApiDocument(
  { publicUrl }: Pick<HttpDependencies, 'publicUrl'>,
  apis: readonly OpenAPIHono<HttpEnvironment>[],
): () => ReadyMade {
  let made: ReadyMade | undefined;
  return () => {
    made ??= readyMade({
      body: JSON.stringify(assemble(publicUrl, apis)),
      contentType: 'application/json',
      cacheControl: 'public, max-age=300',
    });
    return made;
  };
}

function assemble(publicUrl: string, apis: readonly OpenAPIHono<HttpEnvironment>[]): object {
  const all = new OpenAPIHono<HttpEnvironment>();
  const registry = all.openAPIRegistry;
  registry.registerComponent('securitySchemes', 'apiKey', { type: 'apiKey', in: 'header', name: 'X-API-Key' });
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  registry.registerComponent('headers', 'X-Request-Id', REQUEST_ID);
  for (const api of apis) all.route('/api/v1', api);
  const document = all.getOpenAPI31Document({ openapi: '3.1.0', info: INFO, servers: [{ url: publicUrl }] });
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(path)) describeRequestId(operation);
  }
  return document;
}

/** Every answer carries it; no route has to say so. */
function describeRequestId(operation: unknown): void {
  if (typeof operation !== 'object' || operation === null || !('responses' in operation)) return;
  for (const response of Object.values(operation.responses as Record<string, { headers?: object }>)) {
    response.headers = { ...response.headers, 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } };
  }
}
