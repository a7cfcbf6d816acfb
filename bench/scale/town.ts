import pg from 'pg';
import type { Generation, SessionId, SessionNonce } from '../../src/domain/session/refresh-token.ts';
import type { Server } from '../bench.ts';
import { Connection, requestText } from '../connection.ts';
import { startService } from '../service.ts';
import type { Size } from './size.ts';
import { townPlan, townTokens } from './town-plan.ts';

const ADMINISTRATORS = 64;

export interface TownSession {
  readonly id: SessionId;
  readonly refreshToken: string;
}

/** A project with many people, and a service of its own before it. */
export interface Town {
  readonly databaseUrl: string;
  readonly service: Server;
  readonly projectId: string;
  readonly size: Size;
  /** Access tokens of people who may list the members of the greatest tenant: more than one, for nobody may ask without end. */
  readonly administrators: readonly string[];
  readonly someMember: string;
  /** At most as many as asked for, from all over the town, all in force. */
  sessions(count: number): Promise<readonly TownSession[]>;
  addresses(count: number): Promise<readonly string[]>;
}

/** Opens what `makeTown` has made. */
export async function openTown(databaseUrl: string, smtpUrl: string): Promise<Town & AsyncDisposable> {
  const service = await startService(townPlan(databaseUrl, smtpUrl));
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  const dispose = async () => {
    await pool.end();
    await service[Symbol.asyncDispose]();
  };
  try {
    const { rows } = await pool.query(`
      select project_id as "projectId", size.users, size.sessions,
        (select email from users where project_id = t.project_id and id = (
          select user_id from listed_members where (project_id, tenant_id) = (t.project_id, t.id) and not removed
          offset 500 limit 1)) as "someMember"
      from bench.size, tenants t where t.id = bench.id('tenant', 0)`);
    const [{ projectId, someMember, ...size }] = rows;
    const sessionsOf = async (ids: string): Promise<readonly TownSession[]> => {
      const found = await pool.query<{ id: SessionId; generation: Generation; nonce: SessionNonce }>(
        `select s.id, s.generation, s.nonce from refresh_tokens s
        join users u on u.project_id = s.project_id and u.id = s.user_id
        where s.project_id = $1 and s.id in (${ids}) and u.status = 'active' and u.deleted_at is null`,
        [projectId],
      );
      return found.rows.map(({ id, generation, nonce }) => ({
        id,
        refreshToken: townTokens.encode(id, generation, nonce),
      }));
    };
    const numbers = (most: number, count: number) =>
      `(select distinct 1 + floor(random() * ${most})::bigint as n from generate_series(1, ${count})) numbers`;
    const administrators = await sessionsOf(
      `select min(own.id::text)::uuid from membership_roles r
        join refresh_tokens own on own.project_id = r.project_id and own.user_id = r.user_id
        where r.project_id = $1 and r.tenant_id = bench.id('tenant', 0) and r.role_id = bench.id('admin', 0)
        group by r.user_id limit ${ADMINISTRATORS}`,
    );
    return {
      databaseUrl,
      service,
      projectId,
      size,
      someMember,
      administrators: await accessTokens(service.port, projectId, administrators),
      sessions: (count) => sessionsOf(`select bench.id('session', n) from ${numbers(size.sessions, count)}`),
      async addresses(count) {
        const found = await pool.query(`select bench.address(n) as email from ${numbers(size.users, count)}`);
        return found.rows.map(({ email }) => email);
      },
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Of a session's present token, for the next pair. */
export function townRefresh(projectId: string, refreshToken: string): string {
  const headers = { 'X-Project-Id': projectId };
  return requestText({ method: 'POST', path: '/api/v1/auth/refresh', headers, json: { refreshToken } });
}

async function accessTokens(
  port: number,
  projectId: string,
  sessions: readonly TownSession[],
): Promise<readonly string[]> {
  const connection = await Connection.open(port);
  try {
    const tokens: string[] = [];
    for (const { refreshToken } of sessions) {
      tokens.push(JSON.parse(await connection.send(townRefresh(projectId, refreshToken))).accessToken);
    }
    return tokens;
  } finally {
    connection.close();
  }
}
