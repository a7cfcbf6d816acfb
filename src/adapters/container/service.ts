import { Container } from 'inversify';
import type { Logger } from 'pino';
import { isActedOn } from '../../application/reactions/react.ts';
import type { Config } from '../config/config.ts';
import { masterKeyOf } from '../config/master-key.ts';
import { KeyRing } from '../crypto/key-ring.ts';
import { createHttpApp } from '../http/app.ts';
import { startHttpServer } from '../http/server.ts';
import { type PostgresConnection, persistencePorts } from '../persistence/index.ts';
import { attesting } from './attesting.ts';
import { openCache } from './cache.ts';
import { openDatabase } from './database.ts';
import { firstStart } from './first-start.ts';
import { createLogger } from './logger.ts';
import { openMail } from './mail.ts';
import { applyPlatformProviders } from './platform-providers.ts';
import { serviceModule } from './service-module.ts';
import { TOKENS } from './tokens.ts';
import { newcomersNeeds, welcome } from './welcome.ts';
import { worldModule } from './world-module.ts';

export interface Service {
  readonly logger: Logger;
  /** Answers what is under way, tells nobody new, and lets go of everything. */
  stop(): Promise<void>;
}

/** Starts the whole service. `say` shows a newcomer what they need. */
export async function startService(config: Config, terminal: boolean, say: (text: string) => void): Promise<Service> {
  const logger = await createLogger(config.log);
  const masterKey = config.masterKey ?? (await masterKeyOf(config.dataDir));
  const database = await openDatabase(config);
  const container = new Container({ defaultScope: 'Singleton', jitless: true });
  container.load(worldModule, serviceModule);
  container.bind(TOKENS.config).toConstantValue(config);
  container.bind(TOKENS.logger).toConstantValue(logger);
  container.bind(TOKENS.mail).toConstantValue(await openMail(config, container.get(TOKENS.clock)));
  const keyRing = new KeyRing(masterKey, config.previousMasterKey);
  container.bind(TOKENS.keyRing).toConstantValue(keyRing);
  const cache = await openCache(config, { clock: container.get(TOKENS.clock), keyRing, logger });
  container.bind(TOKENS.cache).toConstantValue(cache);
  container
    .bind(TOKENS.persistence)
    .toResolvedValue(
      (idGenerator) =>
        persistencePorts(database.database, { idGenerator, attested: attesting(keyRing), isTold: isActedOn }),
      [TOKENS.idGenerator],
    );
  try {
    return await serve(container, database, terminal, say);
  } catch (error) {
    await cache.close();
    await database.close();
    throw error;
  }
}

async function serve(
  container: Container,
  database: PostgresConnection,
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
    container.get(TOKENS.auditSealer),
  ];
  for (const worker of background) worker.start();
  say(welcome(config, first));
  return {
    logger,
    async stop() {
      container.get(TOKENS.draining).begin();
      await server.stop();
      await Promise.all(background.map((worker) => worker.stop()));
      container.get(TOKENS.mail).close();
      await container.get(TOKENS.cache).close();
      await container.unbindAllAsync();
      await database.close();
      await new Promise<void>((written) => logger.flush(() => written()));
    },
  };
}
