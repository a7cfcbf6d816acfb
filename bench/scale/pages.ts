import { Connection, requestText } from '../connection.ts';
import type { Town } from './town.ts';

const WALKED_AT_ONCE = 100;

/** A list of members, at some of its pages. */
export interface Pages {
  /** The page at some depth: 0 the first, 1 the last, between them whichever is there. Each time by somebody else. */
  at(depth: number): string;
}

/** Every cursor of a list, from a walk through all of it: cursors cannot be made up. */
export async function pagesOf({ service, administrators }: Town, filter: string): Promise<Pages> {
  let turn = 0;
  const page = (query: string) => {
    turn += 1;
    const headers = { Authorization: `Bearer ${administrators[turn % administrators.length]}` };
    return requestText({ method: 'GET', path: `/api/v1/users?${filter}${query}`, headers });
  };
  const cursors = [''];
  const connection = await Connection.open(service.port);
  try {
    for (let more = ''; ; cursors.push(more)) {
      const { data, pagination } = JSON.parse(await connection.send(page(`&limit=${WALKED_AT_ONCE}${more}`)));
      if (data.length === 0) throw new Error(`nobody where ${filter}`);
      if (pagination.nextCursor === null) break;
      more = `&cursor=${pagination.nextCursor}`;
    }
  } finally {
    connection.close();
  }
  return { at: (depth) => page(cursors[Math.round(depth * (cursors.length - 1))] ?? '') };
}
