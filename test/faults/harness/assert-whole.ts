import { expect } from 'vitest';
import { assertTrailVerifies } from './assert-trail-verifies.ts';
import type { Balancer } from './balancer.ts';
import { type Estate, OWNER } from './estate.ts';
import type { Ledger, Session } from './ledger.ts';
import type { Traffic } from './traffic.ts';
import { HALF_WRITTEN, UNFINISHED } from './wholeness.ts';
import type { World } from './world.ts';

const AT_ONCE = 8;
const FINISHED_WITHIN_MS = 30_000;
/** What a relay had claimed that died, or never heard what it had claimed, is free again after three minutes. */
const THREE_MINUTES_LATER = 'update outbox set not_before = null where buried_at is null';

/** Nothing is half-written, nothing acknowledged is lost, and everything that was to follow follows. */
export async function assertWhole(estate: Estate, world: World, { ledger }: Traffic): Promise<void> {
  expect(ledger.size).toBeGreaterThan(0);
  expect(await violations(estate, HALF_WRITTEN)).toEqual({});
  await assertNothingLost(estate, world, ledger);
  await estate.rows(THREE_MINUTES_LATER);
  await expect.poll(() => violations(estate, UNFINISHED), { timeout: FINISHED_WITHIN_MS, interval: 500 }).toEqual({});
  const mailed = new Set(estate.mail.received.flatMap(({ to }) => to));
  const accounts = [...ledger.accounts.values()];
  expect(accounts.filter(({ dialect, email }) => dialect === 'v1' && !mailed.has(email))).toEqual([]);
  await assertTrailVerifies(estate, world);
}

async function violations(
  estate: Estate,
  rules: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, unknown>>> {
  const found: Record<string, unknown> = {};
  for (const [rule, query] of Object.entries(rules)) {
    const rows = await estate.rows(query, query.includes('$1') ? [OWNER.email] : []);
    if (rows.length > 0) found[rule] = { count: rows.length, first: rows.slice(0, 3) };
  }
  return found;
}

/** What was acknowledged holds: accounts, roles, who has them, who is signed in and who is not any more. */
export async function assertNothingLost(estate: Estate, world: World, ledger: Ledger): Promise<void> {
  const users = await estate.rows<{ id: string; permissions: string[] }>('select id from users');
  const known = new Set(users.map(({ id }) => id));
  expect([...ledger.accounts.keys()].filter((id) => !known.has(id))).toEqual([]);

  const roles = await estate.rows<{ id: string; permissions: string[] }>('select id, permissions from roles');
  const permissionsOf = new Map(roles.map(({ id, permissions }) => [id, permissions.toSorted()]));
  for (const { id, permissions } of ledger.roles.values()) {
    expect(permissionsOf.get(id)).toEqual(permissions.toSorted());
  }

  const holders = await estate.rows<{ holder: string }>(
    `select role_id || ' ' || user_id as holder from membership_roles`,
  );
  const holding = new Set(holders.map(({ holder }) => holder));
  const holdings = [...ledger.holdings.values()];
  expect(holdings.filter(({ userId, roleId, held }) => holding.has(`${roleId} ${userId}`) !== held)).toEqual([]);

  // Living ones first: whoever shows what ended might seem a thief.
  expect(await notAnswered(200, estate.balancer, world, [...ledger.living.values()])).toEqual([]);
  expect(await notAnswered(401, estate.balancer, world, [...ledger.ended.values()])).toEqual([]);
}

/** The sessions whose refresh is answered in another way. */
async function notAnswered(
  expected: number,
  balancer: Balancer,
  world: World,
  sessions: readonly Session[],
): Promise<readonly string[]> {
  const others: string[] = [];
  const left = sessions.values();
  const work = async () => {
    for (const session of left) {
      const { status, body } = await balancer.ask(refreshOf(session, world));
      if (status !== expected) others.push(`${session.dialect} ${session.id}: ${status} ${body}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return others;
}

/** A refresh of the session as its dialect wants it. */
export function refreshOf({ dialect, refreshToken }: Session, { projectId, apiKey }: World) {
  if (dialect === 'v1') return { method: 'POST', path: '/api/v1/auth/refresh', json: { refreshToken } } as const;
  const headers = { 'X-API-Key': apiKey, 'X-Client-Address': randomAddress() };
  const path = `/api/v1/pub/${projectId}/auth/refresh`;
  return { method: 'POST', path, headers, json: { refresh_token: refreshToken } } as const;
}

/** Nobody's limits are in the way. */
function randomAddress(): string {
  const octet = () => Math.floor(Math.random() * 250);
  return `10.3.${octet()}.${1 + octet()}`;
}
