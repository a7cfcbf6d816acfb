import { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { type ReadyMade, readyMade } from '../middleware/ready-made.ts';
import { ANSWER_HEADERS, type DescribedOperation, describeAnswerHeaders } from './answer-headers.ts';

const INFO = {
  title: 'Castellan',
  version: '1',
  description:
    'Two dialects of one service: the Gate and Public API for the back end of an application that owns a project, ' +
    'and the v1 API (also at `/v1`) for first-party front ends.',
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
  for (const [name, header] of Object.entries(ANSWER_HEADERS)) registry.registerComponent('headers', name, header);
  for (const api of apis) all.route('/api/v1', api);
  const document = all.getOpenAPI31Document({ openapi: '3.1.0', info: INFO, servers: [{ url: publicUrl }] });
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const operation of Object.values(item) as DescribedOperation[]) describeAnswerHeaders(path, operation);
  }
  return document;
}
