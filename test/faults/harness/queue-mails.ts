import { randomUUID } from 'node:crypto';
import type { Estate } from './estate.ts';
import { GatePerson } from './somebody.ts';
import { claimsOf, type World } from './world.ts';

/** Older than any other: a UUID v7 of 1970. */
const OLDEST = '00000000-0000-7000-8000-000000000000';

/**
 * So many people wait for a code, and before all of them the one at `first`: copies of somebody who registered, and what
 * their requests would have left in the outbox. Answers their addresses.
 */
export async function queueMails(
  estate: Estate,
  world: World,
  first: string,
  count: number,
): Promise<readonly string[]> {
  const { tokens } = await GatePerson.registered(estate, world);
  const { projectId } = world;
  const others = Array.from({ length: count }, (_, number) => `queued-${number}-${randomUUID()}@example.com`);
  const emails = [first, ...others];
  await estate.rows(
    `insert into users select copy.*
    from users u, unnest($3::text[]) c (email),
      jsonb_populate_record(u, jsonb_build_object('id', gen_random_uuid(), 'email', c.email)) copy
    where u.project_id = $1 and u.id = $2`,
    [projectId, claimsOf(tokens.accessToken).sub, emails],
  );
  await estate.rows(
    `insert into outbox (id, event, attempts)
    select case c.email when $2 then $3::uuid else gen_random_uuid() end, jsonb_build_object(
      'type', 'password-reset-requested', 'projectId', $1::text, 'email', c.email, 'dialect', 'gate',
      'occurredAt', $4::text), 0
    from unnest($5::text[]) c (email)`,
    [projectId, first, OLDEST, new Date().toISOString(), emails],
  );
  return others;
}
