import { createHash, randomBytes } from 'node:crypto';
import { describe, inject } from 'vitest';
import type { PostgresUnderTest } from './global-setup.ts';
import { asAdmin, drop, urlOf } from './postgres/admin.ts';

/** A database made once per run and copied for every test that asks for it. */
export interface DatabaseTemplate {
  readonly name: string;
  /** Fills the template. It MUST close its connections: one that is left open blocks every copy. */
  prepare(url: string): Promise<void>;
}

export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
}

const postgres = inject('postgres');
const templates = new Map<string, Promise<string>>();

/** A suite that needs a server. Without one it is skipped by its name. */
export const describeWithPostgres: typeof describe.skip = describe.skipIf(!postgres);

/** An empty database of one's own, or a copy of the template. Dispose of it with `await using`, or leave it to the end. */
export async function freshDatabase(template?: DatabaseTemplate): Promise<TestDatabase> {
  const server = presentServer();
  return made(server, template ? await templateName(server, template) : 'template0');
}

/** What a backup of a database would bring back. Nobody may be connected to it meanwhile. */
export function copyOf({ url }: Pick<TestDatabase, 'url'>): Promise<TestDatabase> {
  return made(presentServer(), new URL(url).pathname.slice(1));
}

function presentServer(): PostgresUnderTest {
  if (!postgres) throw new Error('There is no Postgres in this run: use describeWithPostgres');
  return postgres;
}

async function made(server: PostgresUnderTest, template: string): Promise<TestDatabase> {
  const name = `${server.prefix}${randomBytes(6).toString('hex')}`;
  await asAdmin(server, (admin) => admin.query(`create database ${name} template ${template}`));
  return {
    url: urlOf(server, name),
    [Symbol.asyncDispose]: () => drop(server, name),
  };
}

function templateName(server: PostgresUnderTest, template: DatabaseTemplate): Promise<string> {
  const known = templates.get(template.name) ?? prepared(server, template);
  templates.set(template.name, known);
  return known;
}

/** Every worker asks for the same templates: an advisory lock lets the first make one while the others wait. */
async function prepared(server: PostgresUnderTest, template: DatabaseTemplate): Promise<string> {
  const digest = createHash('sha256').update(template.name).digest();
  const name = `${server.prefix}template_${digest.toString('hex', 0, 6)}`;
  await asAdmin(server, async (admin) => {
    await admin.query('select pg_advisory_lock($1)', [digest.readInt32BE()]);
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount) return;
    // It gets its name when it is complete: a template whose preparation failed is never copied.
    const draft = `${server.prefix}${randomBytes(6).toString('hex')}`;
    await admin.query(`create database ${draft} template template0`);
    await template.prepare(urlOf(server, draft));
    await admin.query(`alter database ${draft} rename to ${name}`);
  });
  return name;
}
