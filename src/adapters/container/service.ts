import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from '../config/config.ts';
import { createHttpApp } from '../http/app.ts';
import { saidOf } from '../http/middleware/said-of-error.ts';
import { startHttpServer } from '../http/server.ts';
import { openMigrating } from './database.ts';
import { firstStart } from './first-start.ts';
import { type Foundation, layFoundation } from './foundation.ts';
import { createLogger, type Log } from './logger.ts';
import { masterKeyExchanges } from './master-key-exchange.ts';
import { applyPlatformProviders } from './platform-providers.ts';
import { TOKENS } from './tokens.ts';
import { NOBODY_SENDS_SPANS, openWatching } from './watching.ts';
import { newcomersNeeds, welcome } from './welcome.ts';

/** No orchestrator waits as long as a mail may take. What is left undone comes back to another process. */
const BACKGROUND_DEADLINE_MS = 5_000;

export interface Service {
  readonly logger: Log;
  /** Answers for so long whoever still comes, then what is under way, and lets go of everything. */
  stop(graceMs: number): Promise<void>;
}

/** Starts the whole service. `say` shows a newcomer what they need. */
export async function startService(config: Config, terminal: boolean, say: (text: string) => void): Promise<Service> {
  const watching = await openWatching(config);
  const logger = await createLogger(config.log, watching.belonging);
  if (config.otlpEndpoint !== undefined && watching.tracing === undefined) logger.warn(NOBODY_SENDS_SPANS);
  const foundation = await layFoundation(config, {
    openDatabase: openMigrating,
    watching,
    onCacheTrouble: (error) =>
      logger.warn({ err: error }, 'Redis does not answer: requests are counted here, and changes elsewhere seen late'),
    onProviderTrouble: ({ id, projectId, cause }) =>
      logger.warn(
        { providerId: id, projectId, causes: saidOf(cause).causes },
        'a provider was not asked, or not believed',
      ),
  });
  foundation.container.bind(TOKENS.logger).toConstantValue(logger);
  try {
    return await serve(foundation, terminal, say);
  } catch (error) {
    await foundation.close();
    throw error;
  }
}

async function serve(
  { container, close }: Foundation,
  terminal: boolean,
  say: (text: string) => void,
): Promise<Service> {
  const config = container.get(TOKENS.config);
  const logger = container.get(TOKENS.logger);
  const first = await firstStart(container.get(TOKENS.iam), config, terminal);
  const { platformProviders } = config;
  await applyPlatformProviders(container.get(TOKENS.iam), container.get(TOKENS.ports), platformProviders).catch(
    (error: unknown) => {
      if (first !== undefined) say(newcomersNeeds(config, first));
      throw error;
    },
  );
  const server = await startHttpServer(createHttpApp(container.get(TOKENS.http)), config);
  const background = [
    container.get(TOKENS.relay),
    container.get(TOKENS.housekeeper),
    container.get(TOKENS.keyRotor),
    container.get(TOKENS.auditSealer),
    container.get(TOKENS.eventPublisher),
    container.get(TOKENS.webhookDeliverer),
    ...(await masterKeyExchanges(container)),
  ];
  for (const worker of background) worker.start();
  say(welcome(config, first));
  const draining = container.get(TOKENS.draining);
  return {
    logger,
    async stop(graceMs) {
      draining.begin();
      await server.stop(graceMs);
      const stopped = Promise.all(background.map((worker) => worker.stop()));
      await Promise.race([stopped, pause(BACKGROUND_DEADLINE_MS, undefined, { ref: false })]);
      await close();
      await new Promise<void>((written) => logger.flush(() => written()));
    },
  };
}
