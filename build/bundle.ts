import { type BuildOptions, build, type Metafile, type OutputFile, type Plugin } from 'esbuild';
import { englishOnly } from './english-only.ts';
import { lazyPackages } from './lazy-packages.ts';

/** Packages that find files of their own beside their code (native code, WebAssembly), so that it has to stay there. */
const WITH_FILES = ['@electric-sql/pglite', '@electric-sql/pglite-socket', '@node-rs/argon2', '@node-rs/bcrypt'];
/** What an operator preloads and the service meet in. */
const SHARED = ['@opentelemetry/api'];
/** Asked for by packages of ours, and used where an operator has installed them. */
export const OPTIONAL: string[] = ['@node-rs/xxhash', 'pg-native'];

const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  outbase: 'src',
  outdir: 'dist',
  metafile: true,
  write: false,
  logLevel: 'warning',
} as const satisfies BuildOptions;

const OUTSIDE = [...WITH_FILES, ...SHARED, ...OPTIONAL];

/** What is loaded as ES modules: what a module imports lazily stays a file of its own. */
const MODULES = {
  ...COMMON,
  entryPoints: [
    'src/main.ts',
    'src/cli/run.ts',
    'src/adapters/persistence/embedded/build-snapshot.ts',
    'src/adapters/persistence/embedded/database-worker.ts',
  ],
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  external: OUTSIDE,
  plugins: [englishOnly, lazyPackages(OUTSIDE)],
  // Packages in CommonJS ask for what Node brings by `require`, which an ES module does not have.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  // Without comments a file is ASCII, which V8 keeps in half of the space. Names stay: they are in stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  // Node prints the line that threw.
  lineLimit: 160,
  sourcemap: 'linked',
  sourcesContent: false,
} as const satisfies BuildOptions;

/** A module that CommonJS hands over to is one of the above. */
const besideMe: Plugin = {
  name: 'beside-me',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/.*\.ts$/ }, ({ path }) => ({ path: path.replace(/\.ts$/, '.js'), external: true }));
  },
};

/** What has to run before the first ES module. */
const BEFORE_THEM = {
  ...COMMON,
  entryPoints: ['src/start.cts', 'src/cli/main.cts'],
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  plugins: [besideMe],
} as const satisfies BuildOptions;

export interface Bundle {
  readonly files: readonly OutputFile[];
  /** What went into which file, and what that imports. */
  readonly outputs: Metafile['outputs'];
}

/** The service and the command line, with all that they stand on, in few files: yet to be written. */
export async function bundle(): Promise<Bundle> {
  const [modules, before] = await Promise.all([build(MODULES), build(BEFORE_THEM)]);
  return {
    files: [...modules.outputFiles, ...before.outputFiles],
    outputs: { ...modules.metafile.outputs, ...before.metafile.outputs },
  };
}
