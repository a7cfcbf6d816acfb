import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Bundle, bundle, OPTIONAL } from '../../build/bundle.ts';
import { sourceFiles, textOf } from '../security/source-files.ts';

const START = 'dist/main.js';
/** What many processes never use, and what they use after they have begun to answer. */
const LATER = [
  '@electric-sql/pglite',
  '@noble/curves',
  'nodemailer',
  'openid-client',
  'pino-pretty',
  'redis',
  'undici',
];

describe('the bundle', () => {
  let outputs: Bundle['outputs'];
  let texts: ReadonlyMap<string, string>;
  beforeAll(async () => {
    const { files, ...bundled } = await bundle();
    outputs = bundled.outputs;
    texts = new Map(files.map(({ path, text }) => [relative('.', path), text]));
  });

  /** The files that are loaded with one, before its first line. */
  function loadedWith(file: string, known = new Set<string>()): ReadonlySet<string> {
    known.add(file);
    for (const { path, kind, external } of outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && !external && !known.has(path)) loadedWith(path, known);
    }
    return known;
  }

  function packagesIn(files: Iterable<string>): string[] {
    const names = [...files].flatMap((file) => {
      const { inputs = {}, imports = [] } = outputs[file] ?? {};
      const outside = imports.filter(({ kind, external }) => external && kind === 'import-statement');
      return [...Object.keys(inputs).map(afterNodeModules), ...outside.map(({ path }) => path)].map(packageOf);
    });
    return [...new Set(names)];
  }

  it('loads nothing before the service is ready that it may not need', () => {
    const everywhere = packagesIn(Object.keys(outputs));
    const atStart = packagesIn(loadedWith(START));

    expect(everywhere).toEqual(expect.arrayContaining(LATER));
    expect(atStart).toEqual(expect.arrayContaining(['hono', 'pg', 'zod']));
    expect(atStart.filter((name) => LATER.includes(name))).toEqual([]);
  });

  it('leaves outside what is installed with the package, and nothing else', async () => {
    const { dependencies } = JSON.parse(await readFile('package.json', 'utf8'));
    const outside = Object.values(outputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
    const packages = outside.map(({ path }) => packageOf(path)).filter((name) => !/^(\.|node:)/.test(name));
    const needed = packages.filter((name) => !isBuiltin(name) && !OPTIONAL.includes(name));

    expect(needed).toContain('@node-rs/argon2');
    expect(needed.filter((name) => !(name in dependencies))).toEqual([]);
  });

  it('gives what is loaded lazily the names that Node gives it', async () => {
    const lazy = Object.values(outputs).flatMap(({ entryPoint, exports }) => {
      const [, name] = /^lazy-package:(.+)\.mjs$/.exec(entryPoint ?? '') ?? [];
      return name === undefined ? [] : [{ name, exports }];
    });

    expect(lazy.find(({ name }) => name === 'undici')?.exports).toContain('Agent');
    for (const { name, exports } of lazy) {
      const known = Object.keys(await import(name)).filter((key) => key !== 'module.exports');
      expect(exports.sort(), name).toEqual(known.sort());
    }
  });

  it('holds no code that looks for a file beside itself', () => {
    const looking = /import\.meta\.(dirname|filename)|new URL\([^;]*import\.meta/;

    expect(looking.test("new URL('../package.json', import.meta.url)")).toBe(true);
    expect(sourceFiles().filter((file) => looking.test(textOf(file)))).toEqual([]);
  });

  it('has no character that would double what it takes in memory', () => {
    const loaded = [...loadedWith(START)];

    expect(loaded.length).toBeGreaterThan(1);
    // V8 keeps a file of Latin-1 in one byte a character, and any other in two.
    expect(loaded.filter((file) => /[^\0-\xff]/.test(texts.get(file) ?? ''))).toEqual([]);
  });

  it.each([
    ['dist/start.cjs', './main.js'],
    ['dist/cli/main.cjs', './run.js'],
  ])('prepares the threads in %s before the first ES module', (file, next) => {
    const { inputs = {}, imports = [] } = outputs[file] ?? {};

    expect(Object.keys(inputs)).toContain('src/prepare-threads.cts');
    expect(imports.filter(({ path }) => !isBuiltin(path))).toEqual([
      { path: next, kind: 'dynamic-import', external: true },
    ]);
    expect(outputs).toHaveProperty([join(dirname(file), next)]);
  });
});

function afterNodeModules(input: string): string {
  return input.split('node_modules/').at(-1) ?? input;
}

function packageOf(path: string): string {
  return path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/');
}
