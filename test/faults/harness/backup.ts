import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installedFolder } from '../../support/postgres/installed.ts';
import type { Estate } from './estate.ts';

const run = promisify(execFile);

/** What `pg_dump` has made of the database while it was in use. */
export class Backup implements AsyncDisposable {
  readonly #estate: Estate;
  readonly #bin: string;
  readonly #folder: string;

  private constructor(estate: Estate, bin: string, folder: string) {
    this.#estate = estate;
    this.#bin = bin;
    this.#folder = folder;
  }

  static async taken(estate: Estate): Promise<Backup> {
    const folder = await mkdtemp(join(tmpdir(), 'castellan-backup-'));
    const backup = new Backup(estate, await installedFolder(process.env), folder);
    await run(join(backup.#bin, 'pg_dump'), ['--format=custom', '--file', backup.#file, estate.databaseUrl]);
    return backup;
  }

  /** In the place of the database, to which nobody may be connected. */
  async restore(): Promise<void> {
    const { postgres, databaseUrl } = this.#estate;
    const name = new URL(databaseUrl).pathname.slice(1);
    await postgres.rows('postgres', `drop database ${name}`);
    await postgres.rows('postgres', `create database ${name}`);
    await run(join(this.#bin, 'pg_restore'), ['--exit-on-error', '--dbname', databaseUrl, this.#file]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.#folder, { recursive: true });
  }

  get #file(): string {
    return join(this.#folder, 'castellan.dump');
  }
}
