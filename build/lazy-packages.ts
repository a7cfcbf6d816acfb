import { isBuiltin } from 'node:module';
import type { Plugin } from 'esbuild';

const NAMESPACE = 'lazy-package';

/**
 * Gives what is imported lazily from a package the names that Node gives it. Of a package in CommonJS the bundler alone
 * would make a default export and no more, so that `const { Agent } = await import('undici')` would find nothing.
 */
export function lazyPackages(external: readonly string[]): Plugin {
  return {
    name: NAMESPACE,
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[^./]/ }, ({ path, kind, importer, resolveDir }) => {
        const lazy = kind === 'dynamic-import' && !importer.includes('/node_modules/');
        if (!lazy || isBuiltin(path) || external.includes(path)) return undefined;
        return { path: `${path}.mjs`, namespace: NAMESPACE, pluginData: { path, resolveDir } };
      });
      onLoad({ filter: /./, namespace: NAMESPACE }, async ({ pluginData: { path, resolveDir } }) => {
        const names = Object.keys(await import(path)).filter((name) => name !== 'module.exports');
        return { contents: `export { ${names.join()} } from '${path}';`, resolveDir };
      });
    },
  };
}
