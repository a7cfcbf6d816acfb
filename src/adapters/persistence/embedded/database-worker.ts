import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import type { WorkerMessage, WorkerStart } from './worker-messages.ts';

// The database computes in this thread, so that the event loop of the service stays free.
const { dataFolder, socket, snapshot } = workerData as WorkerStart;
const loadDataDir = snapshot && new Blob([await readFile(snapshot)]);
const database = await PGlite.create({ dataDir: dataFolder, ...(loadDataDir && { loadDataDir }) });
const server = new PGLiteSocketServer({ db: database, path: socket, maxConnections: 2 });
await server.start();

parentPort?.once('message', async () => {
  await server.stop();
  await database.close();
  process.exit(0);
});
parentPort?.postMessage('ready' satisfies WorkerMessage);
