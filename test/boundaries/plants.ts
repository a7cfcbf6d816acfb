/** One violation a rule. Each must be reported at `file`, under the name of the rule. */
export interface Plant {
  readonly rule: string;
  readonly file: string;
  readonly source: string;
}

const plant = (rule: string, file: string, source: string): Plant => ({ rule, file: `src/${file}`, source });

/** Harmless files for the plants to import. */
export const TARGETS: Readonly<Record<string, string>> = {
  'src/application/planted-target.ts': 'export const target = 1;\n',
  'src/adapters/crypto/planted-target.ts': 'export const target = 1;\n',
  'src/cli/planted-target.ts': 'export const target = 1;\n',
  'src/application/planted-cycle.ts': "import './planted-cycle-back.ts';\n",
  'src/application/planted-package.ts': "import 'hono';\n",
  'src/adapters/crypto/planted-package.ts': "import 'hono';\n",
};

const INDEX = "import 'node:crypto';\nimport './application/planted-package.ts';\n";

export const DEPENDENCY_PLANTS: readonly Plant[] = [
  plant('domain-is-closed', 'domain/planted-node.ts', "import 'node:crypto';\n"),
  plant('domain-is-closed', 'domain/planted-package.ts', "import 'jose';\n"),
  plant(
    'domain-is-closed',
    'domain/planted-type.ts',
    "import type { target } from '../application/planted-target.ts';\n",
  ),
  plant('ports-know-the-domain-only', 'ports/planted-node.ts', "import type { Buffer } from 'node:buffer';\n"),
  plant('ports-know-the-domain-only', 'ports/planted.ts', "import '../application/planted-target.ts';\n"),
  plant('application-is-pure', 'application/planted-node.ts', "import 'node:crypto';\n"),
  plant('application-is-pure', 'application/planted-adapter.ts', "import '../adapters/crypto/planted-target.ts';\n"),
  plant('adapters-never-meet', 'adapters/http/planted-adapter.ts', "import '../crypto/planted-target.ts';\n"),
  plant('use-cases-are-for-hosts', 'adapters/crypto/planted.ts', "import '../../application/planted-target.ts';\n"),
  plant('adapters-stay-inside', 'adapters/http/planted-cli.ts', "import '../../cli/planted-target.ts';\n"),
  plant('entry-points-use-the-container', 'cli/planted.ts', "import '../adapters/crypto/planted-target.ts';\n"),
  plant('index-reaches-no-package', 'index.ts', INDEX),
  plant('index-imports-no-package', 'index.ts', INDEX),
  plant('inversify-in-the-container-only', 'adapters/http/planted-inversify.ts', "import 'inversify';\n"),
  plant('zod-at-the-edges-only', 'adapters/crypto/planted-zod.ts', "import { z } from 'zod';\n"),
  plant('redis-where-it-is-asked-for', 'adapters/container/planted-redis.ts', "import '../redis/index.ts';\n"),
  plant('watched-where-it-is-asked-for', 'adapters/http/planted-metrics.ts', "import 'prom-client';\n"),
  plant('resolvable', 'adapters/http/planted-nowhere.ts', "import './planted-nowhere-at-all.ts';\n"),
  plant('no-dev-packages', 'adapters/http/planted-dev.ts', "import 'fast-check';\n"),
  plant('library-is-installed-whole', 'adapters/container/memory-ports.ts', "import '../crypto/planted-package.ts';\n"),
];

/** What does not exist where the pure code runs. The rule is the name that the compiler cannot find. */
export const PURITY_PLANTS: readonly Plant[] = [
  plant('process', 'domain/planted-process.ts', 'export const planted = process.env;\n'),
  plant('Buffer', 'ports/planted-buffer.ts', 'export type Planted = Buffer;\n'),
  plant('crypto', 'application/planted-crypto.ts', 'export const planted = crypto.randomUUID();\n'),
  plant('setTimeout', 'application/planted-timer.ts', 'export const planted = setTimeout;\n'),
  plant('node:crypto', 'application/planted-node-types.ts', "import 'node:crypto';\n"),
];

/** What the architecture leaves to the linter. */
export const LINT_PLANTS: readonly Plant[] = [
  plant('suspicious/noImportCycles', 'application/planted-cycle-back.ts', "import './planted-cycle.ts';\n"),
  plant('style/noProcessEnv', 'adapters/http/planted-env.ts', 'export const planted = process.env.PORT;\n'),
  plant('suspicious/noExplicitAny', 'domain/planted-any.ts', 'export type Planted = any;\n'),
  plant(
    'style/noNonNullAssertion',
    'domain/planted-bang.ts',
    'export const planted = (text?: string) => text!.length;\n',
  ),
  plant('nursery/noFloatingPromises', 'domain/planted-promise.ts', 'const planted = async () => 1;\nplanted();\n'),
  plant(
    'nursery/noMisusedPromises',
    'domain/planted-if.ts',
    'const planted = async () => 1;\nif (planted()) throw new Error();\n',
  ),
];
