import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');

/** The built service as it was when the run began: a build in the meantime changes nothing of what is tested. */
export class Installation implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async copied(): Promise<Installation> {
    const installation = new Installation(await mkdtemp(join(tmpdir(), 'castellan-faults-')));
    const { folder } = installation;
    const needed = (source: string) => !/(\.map|\.d\.ts|\.tar\.gz)$/.test(source);
    await cp(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true, filter: needed });
    await cp(join(ROOT, 'drizzle'), join(folder, 'drizzle'), { recursive: true });
    await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    return installation;
  }

  /** As `npm start` starts it. */
  get service(): readonly string[] {
    return ['--max-semi-space-size=4', join(this.folder, 'dist/start.cjs')];
  }

  get cli(): string {
    return join(this.folder, 'dist/cli/main.cjs');
  }

  /** Their names. */
  async migrations(): Promise<readonly string[]> {
    return JSON.parse(await readFile(this.#journal, 'utf8')).entries.map(({ tag }: { tag: string }) => tag);
  }

  /** What a later version might bring. */
  async addMigration(tag: string, text: string): Promise<void> {
    const journal = JSON.parse(await readFile(this.#journal, 'utf8'));
    const when = journal.entries.at(-1).when + 1;
    const entry = { idx: journal.entries.length, version: journal.version, when, tag, breakpoints: true };
    await writeFile(this.#journal, JSON.stringify({ ...journal, entries: [...journal.entries, entry] }));
    await writeFile(join(this.folder, 'drizzle', `${tag}.sql`), text);
  }

  get #journal(): string {
    return join(this.folder, 'drizzle/meta/_journal.json');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
