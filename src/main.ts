import { ConfigError, readConfig } from './adapters/config/config.ts';
import { startService } from './adapters/container/service.ts';

const WRONG_ENVIRONMENT = 2;
const FAILED = 1;

const terminal = process.stdout.isTTY === true;

try {
  const service = await startService(readConfig(terminal), terminal, (text) => process.stdout.write(text));
  const stop = (signal: NodeJS.Signals): void => {
    service.logger.info({ signal }, 'stopping');
    service.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        service.logger.fatal({ err: error }, 'could not stop cleanly');
        process.exit(FAILED);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigError ? WRONG_ENVIRONMENT : FAILED);
}
