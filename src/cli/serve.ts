import { once } from 'node:events';
import { readConfig } from '../adapters/config/config.ts';
import { startService } from '../adapters/container/service.ts';
import { settleHeap } from './settle-heap.ts';
import { EXIT, type ExitCode, type Shell } from './shell.ts';

/**
 * The service, until a signal asks it to stop; a second one does not wait. SIGTERM comes from what put a balancer before
 * it, which has to notice; SIGINT from whoever sits there.
 */
export async function serve({ terminal, environment, out }: Shell): Promise<ExitCode> {
  const config = readConfig(terminal, environment);
  const { logger, stop } = await startService(config, terminal, out);
  settleHeap();
  const signal = await firstOf(['SIGTERM', 'SIGINT']);
  logger.info({ signal }, 'stopping');
  try {
    await stop(signal === 'SIGTERM' ? config.drainSeconds * 1000 : 0);
    return EXIT.ok;
  } catch (error) {
    logger.fatal({ err: error }, 'could not stop cleanly');
    return EXIT.failed;
  }
}

async function firstOf(signals: readonly NodeJS.Signals[]): Promise<NodeJS.Signals> {
  const one = new AbortController();
  try {
    return await Promise.race(
      signals.map((signal) => once(process, signal, { signal: one.signal }).then(() => signal)),
    );
  } finally {
    one.abort();
  }
}
