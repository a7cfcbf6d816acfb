import { ContainerModule } from 'inversify';
import {
  IdnaDomainNames,
  MemoryRateLimiter,
  MemorySessionWatch,
  SystemClock,
  UuidV7Generator,
} from '../memory/index.ts';
import { TOKENS } from './tokens.ts';

/** What one process needs no server for. */
export const worldModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.clock).toResolvedValue(() => new SystemClock(), []);
  bind(TOKENS.idGenerator).toResolvedValue(() => new UuidV7Generator(), []);
  bind(TOKENS.domainNames).toResolvedValue(() => new IdnaDomainNames(), []);
  bind(TOKENS.rateLimiter).toResolvedValue((clock) => new MemoryRateLimiter(clock), [TOKENS.clock]);
  bind(TOKENS.sessionWatch).toResolvedValue(() => new MemorySessionWatch(), []);
});
