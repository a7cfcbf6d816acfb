import { once } from 'node:events';
import { join } from 'node:path';
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

const BUILT_WORKER = join(PACKAGE_ROOT, 'dist/adapters/persistence/embedded/database-worker.js');

function startWorker(workerData: WorkerStart): Worker {
  if (import.meta.url.endsWith('.js')) return new Worker(BUILT_WORKER, { workerData });
  // Run from source, a thread has to be taught TypeScript first, as its process was.
  const entry = JSON.stringify(new URL('./database-worker.ts', import.meta.url).href);
  const source = `import('tsx/esm/api').then(({ register }) => { register(); return import(${entry}); });`;
  return new Worker(source, { eval: true, workerData });
}
