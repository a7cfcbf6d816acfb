import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import type { Bench } from './bench.ts';
import { Connection, requestText } from './connection.ts';
import { PASSWORD } from './world.ts';

export interface Member {
  readonly userId: string;
  readonly email: string;
}

/** What somebody has besides the row in `users`. */
const BELONGINGS = ['memberships', 'membership_roles', 'recovery_codes'] as const;

/**
 * As many people as there are addresses, proven ones with `PASSWORD`: copies of one who registers over v1 at the first
 * of them, since nobody waits for a thousand registrations.
 */
export async function crowd(
  { service, databaseUrl, world: { projectId } }: Bench,
  [first = '', ...others]: readonly string[],
): Promise<readonly Member[]> {
  const pattern = { userId: await register(service.port, projectId, first), email: first };
  const copies = others.map((email) => ({ userId: uuidv7(), email }));
  const ids = copies.map(({ userId }) => userId);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const whose = [projectId, pattern.userId];
    await client.query('update users set email_verified_at = now() where project_id = $1 and id = $2', whose);
    await client.query(
      `insert into users select (jsonb_populate_record(u, jsonb_build_object('id', c.id, 'email', c.email))).*
      from users u, unnest($3::uuid[], $4::text[]) c (id, email) where u.project_id = $1 and u.id = $2`,
      [...whose, ids, others],
    );
    for (const table of BELONGINGS) {
      await client.query(
        `insert into ${table} select (jsonb_populate_record(b, jsonb_build_object('user_id', c.id))).*
        from ${table} b, unnest($3::uuid[]) c (id) where b.project_id = $1 and b.user_id = $2`,
        [...whose, ids],
      );
    }
    await client.query(
      `insert into attempt_budgets select (jsonb_populate_record(b, jsonb_build_object('subject', c.email))).*
      from attempt_budgets b, unnest($3::text[]) c (email) where b.project_id = $1 and b.subject = $2`,
      [projectId, first, others],
    );
    // The planner knows of them as it would of people who came one by one.
    await client.query(`analyze users, ${BELONGINGS.join(', ')}`);
  } finally {
    await client.end();
  }
  return [pattern, ...copies];
}

async function register(port: number, projectId: string, email: string): Promise<string> {
  const connection = await Connection.open(port);
  try {
    const headers = { 'X-Project-Id': projectId };
    const json = { email, password: PASSWORD };
    const request = requestText({ method: 'POST', path: '/api/v1/auth/register', headers, json });
    return JSON.parse(await connection.send(request)).user.id;
  } finally {
    connection.close();
  }
}
