import { ContainerModule } from 'inversify';
import { IdnaDomainNames, SystemClock, UuidV7Generator } from '../memory/index.ts';
import { TOKENS } from './tokens.ts';

/** What one process needs no server for. */
export const worldModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.clock).toResolvedValue(() => new SystemClock(), []);
  bind(TOKENS.idGenerator).toResolvedValue(() => new UuidV7Generator(), []);
  bind(TOKENS.domainNames).toResolvedValue(() => new IdnaDomainNames(), []);
});
