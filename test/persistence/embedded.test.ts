import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import { openEmbedded } from '../../src/adapters/persistence/embedded/index.ts';
import { migrate, type PostgresConnection, persistencePorts } from '../../src/adapters/persistence/index.ts';
import { describeAttemptBudgetContract } from '../contracts/attempt-budget.contract.ts';
import { describeSingleUseContract } from '../contracts/single-use.contract.ts';
import { describeUnitOfWorkContract } from '../contracts/unit-of-work.contract.ts';
import { attested } from '../support/attested.ts';
import { seedProject } from '../support/seeds.ts';
import { emptySubject } from './subject.ts';

const START_MS = 30_000;

describe('the embedded database', () => {
  let folder: string;
  let connection: PostgresConnection;

  const open = async () => {
    connection = await openEmbedded({ folder });
    await migrate(connection);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'castellan-embedded-test-'));
    await open();
  }, START_MS);
  afterAll(async () => {
    await connection.close();
    await rm(folder, { recursive: true, force: true });
  });

  // Behind its socket, through the pool of the service: what the driver and the thread might spoil.
  describeUnitOfWorkContract('embedded', () => emptySubject(connection.database));
  describeSingleUseContract('embedded', () => emptySubject(connection.database));
  describeAttemptBudgetContract('embedded', () => emptySubject(connection.database));

  it('is ready when it is migrated', async () => {
    const { readiness } = persistencePorts(connection.database, { idGenerator: new UuidV7Generator(), attested });

    expect(await readiness.check()).toEqual({ database: 'ok', migrations: 'ok' });
  });

  it('lets nobody else into the folder, and says who has it', async () => {
    await expect(openEmbedded({ folder })).rejects.toMatchObject({
      name: 'FolderInUse',
      message: expect.stringMatching(new RegExp(`${folder}.* ${process.pid}\\b`)),
    });
  });

  it('keeps what was written from one start to the next, and leaves nothing else behind', {
    timeout: START_MS,
  }, async () => {
    const ports = () => persistencePorts(connection.database, { idGenerator: new UuidV7Generator(), attested });
    const place = await seedProject(ports().unitOfWork, new Date());

    await connection.close();
    expect(await readdir(folder)).not.toContain('castellan.pid');
    await open();

    expect(await ports().projectDirectory.byId(place.projectId)).toEqual(place.project.toState());
  });

  it('takes the folder of a process that is gone', { timeout: START_MS }, async () => {
    const gone = spawn(process.execPath, ['-e', '0']);
    await once(gone, 'exit');
    await connection.close();
    await writeFile(join(folder, 'castellan.pid'), `${gone.pid}\n`);

    await open();
  });

  it('begins anew where the first start was interrupted', { timeout: START_MS }, async () => {
    await connection.close();
    await rm(join(folder, 'database-complete'));
    await rm(join(folder, 'database', 'PG_VERSION'));

    await open();

    const { projectDirectory } = persistencePorts(connection.database, {
      idGenerator: new UuidV7Generator(),
      attested,
    });
    expect(await projectDirectory.page({ after: undefined, limit: 1 })).toEqual({ items: [], hasMore: false });
  });
});
