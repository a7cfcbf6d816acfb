import { once } from 'node:events';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import {
  openPostgres,
  type PersistencePorts,
  type PostgresConnection,
  type PostgresOptions,
  persistencePorts,
} from '../../src/adapters/persistence/index.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import { attested } from '../support/attested.ts';
import { anId } from '../support/builders.ts';
import { describeWithPostgres, freshDatabase, type TestDatabase } from '../support/databases.ts';
import { type Place, seedProject, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { migratedTemplate } from './template.ts';

const UNAVAILABLE = { code: 'unavailable', details: { retryAfterSeconds: 1 } };

describeWithPostgres('a database in trouble', () => {
  const now = new Date();
  let fresh: TestDatabase;
  let opened: PostgresConnection[];
  /** Somebody else at the same database. */
  let other: pg.Client;

  beforeEach(async () => {
    fresh = await freshDatabase(migratedTemplate);
    opened = [];
    other = new pg.Client({ connectionString: fresh.url });
    await other.connect();
  });
  afterEach(async () => {
    await other.end();
    await Promise.all(opened.map((connection) => connection.close()));
    await fresh[Symbol.asyncDispose]();
  });

  function open(options: Partial<PostgresOptions> = {}): PersistencePorts {
    const connection = openPostgres({ url: fresh.url, ...options });
    opened.push(connection);
    return persistencePorts(connection.database, { idGenerator: new UuidV7Generator(), attested });
  }

  /** Ends every connection that is in this state; answers how many those were. */
  async function terminate(condition: string): Promise<number | null> {
    const { rowCount } = await other.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and ${condition}`,
    );
    return rowCount;
  }

  const lockUser = async (id: UserId) => {
    await other.query('begin');
    await other.query('select 1 from users where id = $1 for update', [id]);
  };

  const rename = async ({ unitOfWork }: PersistencePorts, { projectId }: Place, id: UserId, onRun = () => {}) =>
    unitOfWork.run(async ({ users }) => {
      onRun();
      const read = await users.byId(projectId, id);
      if (!read) throw new Error('not seeded');
      read.changeProfile({ lastName: 'Lovelace' }, now);
      users.save(read);
    });

  it('answers unavailable where nobody listens, to reads and commits, and is not ready', async () => {
    const ports = open({ url: 'postgres://nobody@127.0.0.1:1/nothing' });

    await expect(ports.userDirectory.byId(anId(), anId())).rejects.toMatchObject(UNAVAILABLE);
    await expect(ports.unitOfWork.run(async ({ seats }) => seats.take(anId(), 1))).rejects.toMatchObject(UNAVAILABLE);
    expect(await ports.readiness.check()).toEqual({ database: 'failing', migrations: 'failing' });
  });

  it('is not ready before the migrations', async () => {
    await using empty = await freshDatabase();
    const ports = open({ url: empty.url });

    expect(await ports.readiness.check()).toEqual({ database: 'ok', migrations: 'failing' });
    await opened.pop()?.close();
    expect(await open().readiness.check()).toEqual({ database: 'ok', migrations: 'ok' });
  });

  it('does not run the work again when the connection dies in the commit: it may have happened', async () => {
    const ports = open();
    const place = await seedProject(ports.unitOfWork, now);
    const user = await seedUser(ports.unitOfWork, now, place);
    await lockUser(user.id);
    let runs = 0;

    const refused = expect(
      rename(ports, place, user.id, () => {
        runs += 1;
      }),
    ).rejects.toMatchObject(UNAVAILABLE);
    await expect.poll(() => terminate(`wait_event_type = 'Lock'`)).toBe(1);
    await refused;

    expect(runs).toBe(1);
  });

  it('outlives connections that die while idle', async () => {
    const ports = open();
    const place = await seedProject(ports.unitOfWork, now);
    await expect.poll(() => terminate(`state = 'idle'`)).toBeGreaterThan(0);

    await expect.poll(() => ports.projectDirectory.byId(place.projectId).catch(() => undefined)).toBeDefined();
  });

  it('gives up on a statement at its deadline', async () => {
    const ports = open({ statementTimeoutMs: 50 });
    const place = await seedProject(ports.unitOfWork, now);
    const user = await seedUser(ports.unitOfWork, now, place);
    await lockUser(user.id);

    await expect(rename(ports, place, user.id)).rejects.toMatchObject(UNAVAILABLE);
    await other.query('rollback');
    await rename(ports, place, user.id);
  });

  it('holds nothing in a transaction that stands still', async () => {
    open({ statementTimeoutMs: 50 });
    const still = new pg.Client(opened[0]?.client);
    await still.connect();
    const ended = once(still, 'error');
    // Besides why, that it is.
    still.on('error', () => {});
    await still.query('begin');

    expect(await ended).toMatchObject([{ code: '25P03' }]);
  });

  it('answers unavailable where nobody of that name is let in, and where there is no such database', async () => {
    const [unknown, elsewhere] = [new URL(fresh.url), new URL(fresh.url)];
    unknown.username = 'nobody_of_that_name';
    elsewhere.pathname = '/no_such_database';
    for (const { href } of [unknown, elsewhere]) {
      const { projectDirectory } = open({ url: href });
      await expect(projectDirectory.byId(anId())).rejects.toMatchObject(UNAVAILABLE);
    }
  });

  it('gives up waiting for a connection when all of them are busy', async () => {
    const ports = open({ poolSize: 1, connectTimeoutMs: 50 });
    const place = await seedProject(ports.unitOfWork, now);
    const user = await seedUser(ports.unitOfWork, now, place);
    await lockUser(user.id);
    const waiting = rename(ports, place, user.id);

    await expect
      .poll(() =>
        ports.projectDirectory.byId(place.projectId).then(
          () => 'answered',
          (error) => error.code,
        ),
      )
      .toBe('unavailable');
    await other.query('rollback');
    await waiting;
  });

  it('asks whether it is ready once at a time, however many want to know: nothing piles up before what works', async () => {
    const ports = open({ poolSize: 1, connectTimeoutMs: 10_000 });
    const place = await seedProject(ports.unitOfWork, now);
    const user = await seedUser(ports.unitOfWork, now, place);
    await lockUser(user.id);
    const renamed = rename(ports, place, user.id);
    await expect.poll(() => opened[0]?.load()).toMatchObject({ open: 1, idle: 0 });

    for (let round = 0; round < 2; round += 1) {
      const { succeeded } = await sixteenAtOnce(ports.readiness.check);
      expect(succeeded).toEqual(Array(16).fill({ database: 'failing', migrations: 'failing' }));
      expect(opened[0]?.load().waiting).toBe(1);
    }
    await other.query('rollback');
    await renamed;
    expect(await ports.readiness.check()).toEqual({ database: 'ok', migrations: 'ok' });
  });

  it('says nothing of what was to be written when a statement fails', async () => {
    const ports = open();
    const place = await seedProject(ports.unitOfWork, now);
    const failure = await seedUser(ports.unitOfWork, now, place, {
      firstName: 'NUL \0 is no text',
      metadata: { card: 'do-not-tell' },
    }).then(
      () => undefined,
      (error: Error) => error,
    );

    expect(failure).toBeInstanceOf(Error);
    expect(`${failure?.message} ${failure?.stack} ${JSON.stringify(failure)}`).not.toContain('do-not-tell');
  });
});
