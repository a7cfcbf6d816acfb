import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { ICruiseResult, IViolation } from 'dependency-cruiser';

interface LintReport {
  readonly diagnostics: readonly {
    readonly severity: string;
    readonly category: string;
    readonly location: { readonly path: string };
  }[];
}

const ROOT = join(import.meta.dirname, '../..');
const COPIED = ['src', 'package.json', 'tsconfig.json', 'tsconfig.pure.json', 'biome.json', '.dependency-cruiser.cjs'];
const run = promisify(execFile);
const bin = (name: string) => join(ROOT, 'node_modules/.bin', name);

export const ruleNames = (): string[] =>
  createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')).forbidden.map(
    ({ name }: { readonly name: string }) => name,
  );

export async function sourceFiles(): Promise<string[]> {
  const entries = await readdir(join(ROOT, 'src'), { recursive: true });
  return entries.filter((entry) => /\.c?ts$/.test(entry)).map((entry) => `src/${entry}`);
}

/** A copy of the sources with files added, gone after `work`: nothing is ever planted in the real tree. */
export async function withCopy<T>(
  files: Readonly<Record<string, string>>,
  work: (root: string) => Promise<T>,
): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'castellan-boundaries-'));
  try {
    await Promise.all(COPIED.map((name) => cp(join(ROOT, name), join(root, name), { recursive: true })));
    await symlink(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'dir');
    for (const [file, source] of Object.entries(files)) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), source);
    }
    return await work(root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

export async function cruised(root: string = ROOT): Promise<{ files: string[]; violations: IViolation[] }> {
  // A .cts file is understood, but found only when it is named.
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src', 'src/**/*.cts'];
  const { modules, summary }: ICruiseResult = JSON.parse(await output(root, 'depcruise', args));
  const files = modules.map(({ source }) => source).filter((source) => source.startsWith('src/'));
  return { files, violations: summary.violations };
}

/** The complaints of the compile without Node's types, one a line. */
export async function pureErrors(root: string): Promise<string[]> {
  return (await output(root, 'tsc', ['-p', 'tsconfig.pure.json', '--pretty', 'false'])).split('\n');
}

/** `file: rule` for everything that the linter refuses. */
export async function lintErrors(root: string): Promise<string[]> {
  const args = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', 'src'];
  const { diagnostics }: LintReport = JSON.parse(await output(root, 'biome', args));
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ location, category }) => `${location.path}: ${category.replace('lint/', '')}`);
}

/** The tools answer on stdout, and exit with an error when they have found something. */
async function output(cwd: string, name: string, args: string[]): Promise<string> {
  const answer = await run(bin(name), args, { cwd, maxBuffer: 2 ** 27 }).catch((error) => error);
  return String(answer.stdout);
}
