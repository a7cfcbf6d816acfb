/*
 * What the fault tests stand on.
 *
 * An `Estate` is two replicas of the built service (a copy of `dist`, started as `npm start` does), a Postgres and a
 * Redis of their own, a mail server in this process, and before each dependency of each replica a proxy
 * (`estate.links[0].postgres.freeze()`) that passes, cuts, refuses, freezes or delays. `estate.balancer` sends requests
 * as a load balancer would. `Traffic` is people who register, sign in, refresh and change roles over both dialects; its
 * `ledger` has what the service acknowledged, and `assertWhole` holds that, and what belongs together, against the
 * service and its tables when the fault is over. What was measured goes to `figure`.
 *
 * A case: start an estate, let traffic run, break something, mend it, stop the traffic, assert. `FAULTS=long` runs the
 * published figures; otherwise each case is short.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { freePort } from '../../support/free-port.ts';
import { RedisProcess } from '../../support/redis/process.ts';
import { MailServer } from '../../support/smtp.ts';
import { Balancer } from './balancer.ts';
import { FaultProxy } from './fault-proxy.ts';
import { Installation } from './installation.ts';
import { PostgresProcess } from './postgres-process.ts';
import { Replica } from './replica.ts';

export const OWNER = { email: 'owner@example.com', password: 'a long word of the owner, 1815' } as const;
export const PUBLIC_URL = 'http://127.0.0.1:3000';
const DATABASE = 'castellan';
const REPLICAS = 2;

type Dependency = 'postgres' | 'redis' | 'smtp';
/** What one replica reaches its dependencies through. */
export type Links = Readonly<Record<Dependency, FaultProxy>>;

export interface EstateOptions {
  /** Of the replicas, besides what everybody gets, or instead of it. */
  readonly env?: Readonly<Record<string, string>>;
  /** Stands between the proxies and Postgres. */
  readonly pooler?: (
    postgres: PostgresProcess,
    database: string,
  ) => Promise<AsyncDisposable & { readonly port: number }>;
}

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

interface Parts {
  readonly installation: Installation;
  readonly postgres: PostgresProcess;
  readonly redis: RedisProcess;
  readonly mail: MailServer;
  readonly links: readonly Links[];
  readonly env: Readonly<Record<string, string>>;
}

export class Estate implements AsyncDisposable {
  readonly installation: Installation;
  readonly postgres: PostgresProcess;
  readonly redis: RedisProcess;
  readonly mail: MailServer;
  readonly links: readonly Links[];
  readonly replicas: readonly Replica[];
  readonly balancer: Balancer;
  readonly #env: Readonly<Record<string, string>>;
  readonly #held: readonly AsyncDisposable[];

  private constructor(parts: Parts, replicas: readonly Replica[], held: readonly AsyncDisposable[]) {
    this.installation = parts.installation;
    this.postgres = parts.postgres;
    this.redis = parts.redis;
    this.mail = parts.mail;
    this.links = parts.links;
    this.replicas = replicas;
    this.balancer = new Balancer(replicas.map(({ port }) => port));
    this.#env = parts.env;
    this.#held = held;
  }

  /** Everything, the service ready in both replicas. */
  static async start(options: EstateOptions = {}): Promise<Estate> {
    const estate = await Estate.#made(options);
    try {
      await Promise.all(estate.replicas.map((replica) => replica.start()));
      return estate;
    } catch (error) {
      await estate[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Everything but the service: its database is empty. */
  static async unstarted(options: EstateOptions = {}): Promise<Estate> {
    return Estate.#made(options);
  }

  static async #made({ env = {}, pooler }: EstateOptions): Promise<Estate> {
    const held: AsyncDisposable[] = [];
    const hold = <T extends AsyncDisposable>(what: T): T => {
      held.unshift(what);
      return what;
    };
    try {
      const installation = hold(await Installation.copied());
      const postgres = hold(await PostgresProcess.start());
      await postgres.rows('postgres', `create database ${DATABASE}`);
      const redis = hold(await RedisProcess.start());
      const mail = hold(await MailServer.start());
      const between = pooler && hold(await pooler(postgres, DATABASE));
      const links: Links[] = [];
      for (let number = 0; number < REPLICAS; number += 1) {
        links.push({
          postgres: hold(await FaultProxy.before(() => between?.port ?? postgres.port)),
          redis: hold(await FaultProxy.before(() => redis.port)),
          smtp: hold(await FaultProxy.before(() => Number(new URL(mail.url).port))),
        });
      }
      const all = { ...environment(), ...env };
      const parts = { installation, postgres, redis, mail, links, env: all };
      const replicas: Replica[] = [];
      for (const own of links) {
        const reached = { ...addresses(postgres, own), ...all };
        replicas.push(hold(new Replica(installation.service, reached, await freePort())));
      }
      return new Estate(parts, replicas, held);
    } catch (error) {
      await letGo(held);
      throw error;
    }
  }

  /** Reached through nothing. */
  get databaseUrl(): string {
    return this.postgres.url(DATABASE);
  }

  rows<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]> {
    return this.postgres.rows<Row>(DATABASE, text, values);
  }

  /** The same to every replica. */
  async every(dependency: Dependency, act: (proxy: FaultProxy) => void | Promise<void>): Promise<void> {
    await Promise.all(this.links.map(async (links) => act(links[dependency])));
  }

  /** Another process of the service, of another version, say; it is whoever asked who ends it. */
  async newcomer(installation: Installation): Promise<Replica> {
    const [links] = this.links;
    if (links === undefined) throw new Error('there are no replicas');
    const env = { ...this.#env, ...addresses(this.postgres, links) };
    return new Replica(installation.service, env, await freePort());
  }

  /** The command line, configured as the replicas are, but for what is given; at its database without a proxy. */
  command(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    { cli }: Installation = this.installation,
  ): Promise<CommandResult> {
    const own = { PATH: process.env.PATH, ...this.#env, DATABASE_URL: this.databaseUrl, ...env };
    return new Promise((resolve) => {
      execFile(process.execPath, [cli, ...args], { env: own }, (failure, out, error) =>
        resolve({ code: failure === null ? 0 : Number(failure.code ?? 1), out, error }),
      );
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.balancer[Symbol.dispose]();
    await letGo(this.#held);
  }
}

async function letGo(held: readonly AsyncDisposable[]): Promise<void> {
  for (const what of held) await what[Symbol.asyncDispose]();
}

function environment(): Readonly<Record<string, string>> {
  return {
    MASTER_KEY: randomBytes(32).toString('base64'),
    PLATFORM_OWNER_EMAIL: OWNER.email,
    PLATFORM_OWNER_PASSWORD: OWNER.password,
    MAIL_FROM: 'Castellan <no-reply@example.com>',
    PUBLIC_URL,
    // The people of the traffic come from addresses of their own.
    TRUSTED_PROXIES: '127.0.0.1',
    LOG_LEVEL: 'warn',
  };
}

function addresses(postgres: PostgresProcess, links: Links): Readonly<Record<string, string>> {
  return {
    DATABASE_URL: postgres.url(DATABASE, links.postgres.port),
    REDIS_URL: `redis://127.0.0.1:${links.redis.port}`,
    SMTP_URL: `smtp://127.0.0.1:${links.smtp.port}`,
  };
}
