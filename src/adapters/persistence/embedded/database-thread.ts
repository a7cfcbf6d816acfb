import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { PACKAGE_ROOT } from '../package-root.ts';
import type { WorkerMessage, WorkerStart } from './worker-messages.ts';

export interface DatabaseThread {
  close(): Promise<void>;
}

/** Resolves when the database listens; rejects with what kept it from starting. */
export async function startDatabaseThread(start: WorkerStart): Promise<DatabaseThread> {
  const worker = startWorker(start);
  await once(worker, 'message');
  // From here on a dead database shows as statements that nobody answers.
  worker.on('error', () => {});
  return {
    async close() {
      const exit = once(worker, 'exit');
      worker.postMessage('close' satisfies WorkerMessage);
      await exit;
    },
  };
}

const WORKER = 'adapters/persistence/embedded/database-worker';

function startWorker(workerData: WorkerStart): Worker {
  if (import.meta.url.endsWith('.js')) return new Worker(join(PACKAGE_ROOT, `dist/${WORKER}.js`), { workerData });
  // Run from source, a thread has to be taught TypeScript first, as its process was.
  const entry = JSON.stringify(pathToFileURL(join(PACKAGE_ROOT, `src/${WORKER}.ts`)).href);
  const source = `import('tsx/esm/api').then(({ register }) => { register(); return import(${entry}); });`;
  return new Worker(source, { eval: true, workerData });
}
