// Who may import whom. `test/boundaries` plants a violation of every rule and expects it to be caught.
// Cycles are the linter's: it tells code from types, which may name each other.

/** @param {string} name @param {string} comment @param {object} from @param {object} to */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const OUTSIDE = ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

/** Packages that go into the bundle of the service, so that nobody installs them with it. */
const BUILT_IN = [
  '@hono/node-server',
  '@hono/zod-openapi',
  'commander',
  'drizzle-orm',
  'hono',
  'inversify',
  'nodemailer',
  'pg',
  'pino',
  'pino-pretty',
  'prom-client',
  'redis',
  'uqr',
  'zod',
].join('|');

module.exports = {
  forbidden: [
    forbid('domain-is-closed', 'domain imports itself alone', { path: '^src/domain/' }, { pathNot: '^src/domain/' }),
    forbid(
      'ports-know-the-domain-only',
      'ports import domain types, and each other',
      { path: '^src/ports/' },
      { pathNot: '^src/(domain|ports)/' },
    ),
    forbid(
      'application-is-pure',
      'application imports domain and ports',
      { path: '^src/application/' },
      { pathNot: '^src/(domain|ports|application)/' },
    ),
    forbid(
      'adapters-never-meet',
      'an adapter imports no other adapter; the container joins them',
      { path: '^src/adapters/([^/]+)/', pathNot: '^src/adapters/container/' },
      { path: '^src/adapters/', pathNot: '^src/adapters/$1/' },
    ),
    forbid(
      'use-cases-are-for-hosts',
      'of the adapters, http and relay alone call use cases',
      { path: '^src/adapters/', pathNot: '^src/adapters/(http|relay|container)/' },
      { path: '^src/application/' },
    ),
    forbid(
      'adapters-stay-inside',
      'an adapter knows neither the entry points nor the command line',
      { path: '^src/adapters/' },
      { path: '^src/', pathNot: '^src/(domain|ports|application|adapters)/' },
    ),
    forbid(
      'entry-points-use-the-container',
      'main.ts, the .cts before it and cli import container, config, application and their own files',
      { path: '^src/(cli/|main\\.ts$|[^/]+\\.cts$)' },
      {
        path: '^src/',
        pathNot: '^src/(adapters/(container|config)|application|cli)/|^src/(main\\.ts|prepare-threads\\.cts)$',
      },
    ),
    forbid(
      'index-reaches-no-package',
      'what an embedder imports drags in nothing',
      { path: '^src/index\\.ts$' },
      { reachable: true, path: ['node_modules/', '^src/adapters/'] },
    ),
    forbid(
      'index-imports-no-package',
      'what an embedder imports drags in nothing',
      { path: '^src/index\\.ts$' },
      { dependencyTypes: OUTSIDE },
    ),
    forbid(
      'inversify-in-the-container-only',
      'the container can be thrown away without touching anything else',
      { path: '^src/', pathNot: '^src/adapters/container/' },
      { path: 'node_modules/(inversify|@inversifyjs|reflect-metadata)/' },
    ),
    forbid(
      'zod-at-the-edges-only',
      'input is parsed in http and config; the domain has its own doors',
      { path: '^src/', pathNot: '^src/adapters/(http|config)/' },
      { path: 'node_modules/(zod|@hono/zod-openapi)/' },
    ),
    forbid(
      'redis-where-it-is-asked-for',
      'a process without REDIS_URL does not load its client',
      { path: '^src/', pathNot: '^src/adapters/redis/' },
      {
        path: '^src/adapters/redis/|node_modules/@?redis/',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid(
      'watched-where-it-is-asked-for',
      'a process that nobody scrapes or follows loads neither what draws metrics nor the interface to OpenTelemetry',
      { path: '^src/', pathNot: '^src/adapters/observability/(prometheus|opentelemetry)/' },
      {
        path: '^src/adapters/observability/(prometheus|opentelemetry)/|node_modules/(prom-client|@opentelemetry)/',
        dynamic: false,
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbid('resolvable', 'every import leads somewhere', { path: '^src/' }, { couldNotResolve: true }),
    forbid(
      'no-dev-packages',
      'what ships runs on what is installed with it or built into it',
      { path: '^src/' },
      {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only', 'npm'],
        pathNot: `node_modules/(@types|${BUILT_IN})/`,
      },
    ),
    forbid(
      'library-is-installed-whole',
      'what an embedder imports is in no bundle',
      { path: '^src/adapters/container/memory-ports\\.ts$' },
      { reachable: true, path: `node_modules/(${BUILT_IN})/` },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    parser: 'swc',
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['main', 'types'],
    },
  },
};
