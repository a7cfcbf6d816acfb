import type { Container } from 'inversify';
import type { ExchangeNews, MasterKeyExchange } from '../relay/master-key-exchange.ts';
import type { Log } from './logger.ts';
import { TOKENS } from './tokens.ts';

/** Where there is a master key before the present one; loaded only there. */
export async function masterKeyExchanges(container: Container): Promise<readonly MasterKeyExchange[]> {
  if (!container.get(TOKENS.keyRing).replacesPrevious) return [];
  const { MasterKeyExchange } = await import('../relay/master-key-exchange.ts');
  const { sealing } = container.get(TOKENS.iam);
  const tell = telling(container.get(TOKENS.logger));
  return [
    new MasterKeyExchange({ sealing, clock: container.get(TOKENS.clock), report: container.get(TOKENS.report), tell }),
  ];
}

function telling(logger: Log): (news: ExchangeNews) => void {
  return (news) => {
    if (news.kind === 'progress') {
      const { resealed, of } = news;
      logger.info({ resealed, of }, 'what is stored is sealed anew under MASTER_KEY');
      return;
    }
    const { sealed, unopened, auditChains, apiKeys, from } = news;
    if (sealed + auditChains + apiKeys > 0) {
      logger.warn({ sealed, unopened, auditChains, apiKeys }, 'MASTER_KEY_PREVIOUS is still needed');
    } else {
      logger.info({ from }, 'nothing is stored under MASTER_KEY_PREVIOUS any more: from then on it can go');
    }
  };
}
