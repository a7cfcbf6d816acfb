import { dialectOf } from '../dialect-of.ts';

const text = (description: string, example: string) => ({ description, schema: { type: 'string' }, example }) as const;

/** Components of the OpenAPI document. */
export const ANSWER_HEADERS = {
  'X-Request-Id': {
    description: 'The caller’s `X-Request-Id` if that is a UUID, else a new one.',
    schema: { type: 'string', format: 'uuid' },
  },
  'RateLimit-gate': text(
    'The tightest of the windows that the call was counted in.',
    'limit=10, remaining=9, reset=45',
  ),
  'RateLimit-Policy-gate': text('What that window allows.', '10;w=60'),
  'RateLimit-v1': text('The tightest of the windows that the call was counted in.', '"login";r=9;t=42'),
  'RateLimit-Policy-v1': text('What that window allows.', '"login";q=10;w=60'),
  'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } },
  'WWW-Authenticate': text('RFC 6750; asks for a bearer token.', 'Bearer error="invalid_token"'),
  ETag: text('A strong validator, for `If-None-Match` and `If-Match`.', '"4Cr0CPmExkYS3diYaj_uwU9tfAU"'),
  Link: text('Where the list goes on (RFC 8288).', '<https://…?limit=20&cursor=…>; rel="next"'),
} as const;
type Component = keyof typeof ANSWER_HEADERS;

/** As much of an operation of the document as its headers follow from. */
export interface DescribedOperation {
  readonly parameters?: readonly object[];
  readonly responses: Readonly<Record<string, { headers?: object }>>;
}

/** Says which headers the answers of an operation may have, so that no route has to. What one says by itself stays. */
export function describeAnswerHeaders(path: string, operation: DescribedOperation): void {
  for (const [status, response] of Object.entries(operation.responses)) {
    const headers = headersOf(path, status, operation);
    const described = headers.map(([name, component]) => [name, { $ref: `#/components/headers/${component}` }]);
    response.headers = { ...response.headers, ...Object.fromEntries(described) };
  }
}

type Header = readonly [name: string, component: Component];
const plain = (name: Component): Header => [name, name];

/** Counted for nobody. */
const PUBLIC_KEYS = /\/jwks\.json$/;
const WAITING = ['409', '429', '503'];

function headersOf(path: string, status: string, operation: DescribedOperation): readonly Header[] {
  const dialect = dialectOf(path);
  const rateHeaders: readonly Header[] = [
    ['RateLimit', `RateLimit-${dialect}`],
    ['RateLimit-Policy', `RateLimit-Policy-${dialect}`],
  ];
  const conditional = '304' in operation.responses || '412' in operation.responses;
  const list = operation.parameters?.some((parameter) => 'name' in parameter && parameter.name === 'cursor') ?? false;
  return [
    plain('X-Request-Id'),
    ...(PUBLIC_KEYS.test(path) ? [] : rateHeaders),
    ...(WAITING.includes(status) ? [plain('Retry-After')] : []),
    ...(status === '401' ? [plain('WWW-Authenticate')] : []),
    ...(conditional && (status === '200' || status === '304') ? [plain('ETag')] : []),
    ...(list && status === '200' ? [plain('Link')] : []),
  ];
}
