import type { Operation } from './every-operation.ts';

/** What looks like no id, put where one belongs. Percent-encoded as a client would. */
export const hostileIds: readonly string[] = [
  "' OR '1'='1",
  "1'; DROP TABLE users; --",
  '../../../etc/passwd',
  '..%2f..',
  '\0',
  '💩',
  '{}',
  '*',
  'null',
  '__proto__',
  'constructor',
  '0',
  '0'.repeat(2_000),
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
]
  .map(encodeURIComponent)
  .concat('%ff', '%', '%zz', '.%00.');

export const NOT_JSON: readonly (string | Buffer)[] = [
  '{',
  '{"a":}',
  "{'a':1}",
  '{"a":1}}',
  'NaN',
  'undefined',
  '<a/>',
  ' ',
  Buffer.from([0x22, 0xff, 0xfe, 0x22]),
  Buffer.from('\ufeff\ufeff{}'),
];

export const LARGE = `{"a":"${'x'.repeat(65_536)}"}`;

/** Beyond 32 levels, with everything in it that the route asks for. */
export function deep(good: object): string {
  return JSON.stringify({ ...good, more: 0 }).replace(/"more":0/, `"more":${'['.repeat(32)}${']'.repeat(32)}`);
}

/** Text that no field may hold, and a name that none may have: as values and as names, at the top and below. */
export function hostileValues(good: object): readonly string[] {
  const bodies: string[] = [];
  const json = JSON.stringify({ ...good, more: 0 });
  for (const text of ['"\\u0000"', '"\\ud800"', '"a\\udc00b"', '{"\\u0000":1}', '[{"\\ud83d":1}]', '{"__proto__":1}']) {
    bodies.push(json.replace(/"more":0/, `"more":${text}`));
  }
  bodies.push(json.replace(/"more":0/, '"__proto__":{"more":0}'));
  return bodies;
}

const VALUES = [
  '',
  ' ',
  "'",
  '"',
  '"unfinished',
  'W/"',
  '*,*',
  'null',
  '%00',
  'é',
  '[object Object]',
  'x'.repeat(3_000),
];

const NAMES = [
  'accept',
  'accept-encoding',
  'authorization',
  'cookie',
  'forwarded',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'traceparent',
  'user-agent',
  'x-api-key',
  'x-client-address',
  'x-forwarded-for',
  'x-project-id',
  'x-request-id',
];

/** Every header that means something, each with one odd value, and over the routes with one after the other. */
export function oddHeaders({ name }: Pick<Operation, 'name'>): readonly (readonly [string, string])[] {
  return NAMES.flatMap((header, index) =>
    VALUES.filter((_, turn) => (turn + index + name.length) % VALUES.length === 0).map(
      (value) => [header, value] as const,
    ),
  );
}
