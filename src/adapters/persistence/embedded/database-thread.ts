import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { WorkerMessage, WorkerStart } from './worker-messages.ts';

export interface DatabaseThread {
  close(): Promise<void>;
}

// From source a worker needs the loader that its process was given; from the build it needs none.
const FROM_SOURCE = import.meta.url.endsWith('.ts');
const WORKER = new URL(`./database-worker.${FROM_SOURCE ? 'ts' : 'js'}`, import.meta.url);

/** Resolves when the database listens; rejects with what kept it from starting. */
export async function startDatabaseThread(start: WorkerStart): Promise<DatabaseThread> {
  const worker = new Worker(WORKER, { workerData: start, ...(FROM_SOURCE && { execArgv: ['--import', 'tsx'] }) });
  await once(worker, 'message');
  // From here on a dead database shows as statements that find nobody.
  worker.on('error', () => {});
  return {
    async close() {
      const exit = once(worker, 'exit');
      worker.postMessage('close' satisfies WorkerMessage);
      await exit;
    },
  };
}
