import { Container } from 'inversify';
import { isActedOn } from '../../application/reactions/react.ts';
import type { Config } from '../config/config.ts';
import { masterKeyOf } from '../config/master-key.ts';
import { type PostgresConnection, persistencePorts } from '../persistence/index.ts';
import { assertMasterKey } from './assert-master-key.ts';
import { attesting } from './attesting.ts';
import { builtInProviders, type ProviderTrouble } from './built-in-providers.ts';
import { openCache } from './cache.ts';
import { keyRingOf } from './key-ring-of.ts';
import { openMail } from './mail.ts';
import { serviceModule } from './service-module.ts';
import { TOKENS } from './tokens.ts';
import { openWatching, type Watching } from './watching.ts';
import { watchingModule } from './watching-module.ts';
import { worldModule } from './world-module.ts';

/** Everything that the use cases stand on, for a service and for a single command. */
export interface Foundation {
  readonly container: Container;
  /** The database too. */
  close(): Promise<void>;
}

export interface FoundationOptions {
  readonly openDatabase: (config: Config) => Promise<PostgresConnection>;
  /** Now and then while the cache does not answer. */
  readonly onCacheTrouble: (error: unknown) => void;
  readonly onProviderTrouble?: (trouble: ProviderTrouble) => void;
  readonly watching?: Watching;
}

export async function layFoundation(
  config: Config,
  { openDatabase, onCacheTrouble, onProviderTrouble = () => {}, watching }: FoundationOptions,
): Promise<Foundation> {
  const connection = await openDatabase(config);
  const { database, close } = connection;
  try {
    const keyRing = keyRingOf(config, config.masterKey ?? (await masterKeyOf(config.dataDir)));
    const container = new Container({ defaultScope: 'Singleton', jitless: true });
    container.load(worldModule, serviceModule, watchingModule);
    container.bind(TOKENS.config).toConstantValue(config);
    container.bind(TOKENS.keyRing).toConstantValue(keyRing);
    container.bind(TOKENS.connection).toConstantValue(connection);
    container.bind(TOKENS.watching).toConstantValue(watching ?? (await openWatching(config)));
    container
      .bind(TOKENS.persistence)
      .toResolvedValue(
        (idGenerator) => persistencePorts(database, { idGenerator, attested: attesting(keyRing), isTold: isActedOn }),
        [TOKENS.idGenerator],
      );
    await assertMasterKey(container.get(TOKENS.persistence), keyRing);
    const { publicUrl, allowPrivateProviders: allowPrivate } = config;
    const providers = builtInProviders({ publicUrl, allowPrivate, onTrouble: onProviderTrouble });
    container.bind(TOKENS.providerAdapters).toConstantValue(providers);
    const clock = container.get(TOKENS.clock);
    const mail = await openMail(config, clock);
    container.bind(TOKENS.mail).toConstantValue(mail);
    const cache = await openCache(config, { clock, keyRing, onTrouble: onCacheTrouble });
    container.bind(TOKENS.cache).toConstantValue(cache);
    return {
      container,
      async close() {
        mail.close();
        await cache.close();
        await container.unbindAllAsync();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
