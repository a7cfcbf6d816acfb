import { MemorySessionWatch } from '../../src/adapters/memory/index.ts';
import { describeSessionWatchContract } from '../contracts/session-watch.contract.ts';

describeSessionWatchContract('memory', async () => ({
  sessionWatch: new MemorySessionWatch(),
  dispose: async () => {},
}));
