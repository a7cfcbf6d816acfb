import { once } from 'node:events';
import { readConfig } from '../adapters/config/config.ts';
import { startService } from '../adapters/container/service.ts';
import { EXIT, type ExitCode, type Shell } from './shell.ts';

/** The service, until a signal asks it to stop; a second one does not wait. */
export async function serve({ terminal, environment, out }: Shell): Promise<ExitCode> {
  const { logger, stop } = await startService(readConfig(terminal, environment), terminal, out);
  logger.info({ signal: await firstOf(['SIGTERM', 'SIGINT']) }, 'stopping');
  try {
    await stop();
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
