import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Page, PageRequest } from '../../../ports/directories/page.ts';
import type { HttpEnvironment } from '../environment.ts';
import { validated } from '../middleware/validated.ts';
import type { CursorCodec } from './cursor.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

export const PageQuery = z.object({
  limit: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(MAX_LIMIT))
    .optional()
    .openapi({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT }),
  cursor: z.string().max(1024).optional(),
});

/** One page of a list, as the v1 API shows it. */
export function listOf(item: z.ZodType) {
  return z.object({
    data: z.array(item).readonly(),
    pagination: z.object({ nextCursor: z.string().nullable(), hasMore: z.boolean() }),
  });
}

/** The query, each name once. @throws IamError `validation-error` */
export function readQuery<Schema extends z.ZodType>(c: Context<HttpEnvironment>, schema: Schema): z.output<Schema> {
  const query = Object.entries(c.req.queries()).map(([name, values]) => [name, values.length > 1 ? values : values[0]]);
  return validated(schema, Object.fromEntries(query));
}

/** @throws IamError `validation-error` for the limit, `invalid-cursor` */
export function pageRequest<Id extends string>(c: Context<HttpEnvironment>, cursors: CursorCodec<Id>): PageRequest<Id> {
  const { limit = DEFAULT_LIMIT, cursor } = readQuery(c, PageQuery);
  return { after: cursor === undefined ? undefined : cursors.read(cursor), limit };
}

/** Answers a page; where there is more, `Link` says where (RFC 8288). */
export function pageAnswer<Item extends { readonly id: Id }, Id extends string>(
  c: Context<HttpEnvironment>,
  page: Page<Item>,
  request: PageRequest<Id>,
  options: {
    readonly present: (item: Item) => object;
    readonly cursors: CursorCodec<Id>;
    /** The list's absolute address. */
    readonly address: string;
    /** What else of the query makes the list what it is. */
    readonly filter?: Readonly<Record<string, string | undefined>>;
  },
): Response {
  const last = page.items.at(-1);
  const nextCursor = page.hasMore && last !== undefined ? options.cursors.after(last.id) : null;
  if (nextCursor !== null) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(options.filter ?? {})) if (value !== undefined) query.set(name, value);
    query.set('limit', String(request.limit));
    query.set('cursor', nextCursor);
    c.header('Link', `<${options.address}?${query}>; rel="next"`);
  }
  const data = page.items.map((item) => options.present(item));
  return c.json({ data, pagination: { nextCursor, hasMore: nextCursor !== null } });
}
