import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { anId } from '../support/builders.ts';

/** As much of a JSON Schema as bodies of this service are described by, references followed. */
export interface Schema {
  readonly types: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly example?: unknown;
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
}

interface Described {
  readonly content?: Readonly<Record<string, unknown>>;
  /** In lower case. */
  readonly headerNames: readonly string[];
}

/** One operation of the OpenAPI document. */
export interface Operation {
  /** `POST /api/v1/auth/login` */
  readonly name: string;
  readonly method: string;
  readonly template: string;
  /** Whether it belongs to the Gate and Public API. */
  readonly gate: boolean;
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly queries: readonly string[];
  readonly responses: Readonly<Record<number, Described>>;
  /** Besides JSON. */
  readonly takesForms: boolean;
  readonly body: { readonly required: boolean; readonly schema: Schema } | undefined;
  pathWith(projectId: string): string;
  /** Each parameter of the path in turn is each of `values`. */
  pathsWith(projectId: string, values: readonly string[]): readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: a document of another format, looked into
type Json = any;

export function operationsOf(document: Json): readonly Operation[] {
  return Object.entries<Json>(document.paths).flatMap(([template, item]) =>
    Object.entries<Json>(item).map(([verb, described]) => operation(document, template, verb, described)),
  );
}

function operation(document: Json, template: string, verb: string, described: Json): Operation {
  const parameters: readonly Json[] = described.parameters ?? [];
  const schema = described.requestBody?.content['application/json'].schema;
  const fill = (path: string, projectId: string) =>
    path.replace(/\{project_id\}|(?<=\/projects\/)\{id\}/, projectId).replaceAll(/\{\w+\}/g, () => anId<string>());
  return {
    name: `${verb.toUpperCase()} ${template}`,
    method: verb.toUpperCase(),
    template,
    gate: /^\/api\/v1\/(?:gate|pub)\//.test(template),
    security: described.security ?? [],
    queries: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
    responses: Object.fromEntries(
      Object.entries<Json>(described.responses).map(([status, { content, headers }]) => [
        status,
        { content, headerNames: Object.keys(headers ?? {}).map((name) => name.toLowerCase()) },
      ]),
    ),
    takesForms: described.requestBody?.content['application/x-www-form-urlencoded'] !== undefined,
    body: schema && { required: described.requestBody.required === true, schema: resolved(document, schema) },
    pathWith: (projectId) => fill(template, projectId),
    pathsWith: (projectId, values) =>
      (template.match(/\{\w+\}/g) ?? []).flatMap((parameter) =>
        values.map((value) =>
          fill(
            template.replace(parameter, () => value),
            projectId,
          ),
        ),
      ),
  };
}

function resolved(document: Json, schema: Json): Schema {
  const { $ref, type, anyOf, properties, items, ...rest } = schema;
  if ($ref !== undefined) return resolved(document, document.components.schemas[$ref.split('/').at(-1)]);
  const options: readonly Schema[] = (anyOf ?? []).map((option: Json) => resolved(document, option));
  const types = [type ?? [], options.flatMap((option) => option.types)].flat();
  return {
    ...options[0],
    ...rest,
    types: types.map((name) => (name === 'integer' ? 'number' : name)),
    ...(items && { items: resolved(document, items) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries<Json>(properties).map(([name, property]) => [name, resolved(document, property)]),
      ),
    }),
  };
}

/** The least body of the right shape. */
export function wellFormed(schema: Schema): Readonly<Record<string, unknown>> {
  const properties = schema.properties ?? {};
  return Object.fromEntries((schema.required ?? []).map((name) => [name, exampleOf(properties[name])]));
}

function exampleOf(schema: Schema | undefined): unknown {
  if (schema?.example !== undefined) return schema.example;
  if (schema?.enum !== undefined) return schema.enum[0];
  if (schema?.items !== undefined) return [exampleOf(schema.items)];
  return schema?.types.includes('object') ? wellFormed(schema) : 'something quite harmless';
}

const agent = new Agent({ keepAlive: true });

/** As it is given: nothing is encoded, added or followed on the way. */
export async function send(
  url: string,
  method: string,
  path: string,
  given: {
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string | Buffer;
    readonly chunked?: boolean;
  },
) {
  const { body, chunked = false } = given;
  const length = body === undefined || chunked ? {} : { 'content-length': Buffer.byteLength(body) };
  const { hostname, port } = new URL(url);
  const sent = request({ agent, hostname, port, method, path, headers: { ...given.headers, ...length } });
  // A server that has seen enough answers, and closes, before all is sent.
  sent.on('error', () => {});
  if (chunked) sent.write(body);
  sent.end(chunked ? undefined : body);
  const [answer] = await once(sent, 'response');
  let text = '';
  for await (const chunk of answer) text += chunk;
  const headers: IncomingHttpHeaders = answer.headers;
  const json = /json/.test(headers['content-type'] ?? '');
  return {
    status: answer.statusCode as number,
    headers,
    text,
    body: json && text !== '' ? JSON.parse(text) : undefined,
  };
}
