import { ContainerModule } from 'inversify';
import { Metrics } from '../observability/metrics.ts';
import { TOKENS } from './tokens.ts';
import { version } from './version.ts';
import { observerOf } from './watching.ts';

/** What is counted in the process, and who looks on at its use cases. */
export const watchingModule = new ContainerModule(({ bind }) => {
  bind(TOKENS.metrics).toResolvedValue(
    (gate, connection, { backlog }, readiness, clock) =>
      new Metrics({
        version,
        hashGate: () => gate.load(),
        pool: () => connection.load(),
        backlog: () => backlog.look(clock.now()),
        dependencies: () => readiness.check(),
        now: () => clock.now(),
      }),
    [TOKENS.hashGate, TOKENS.connection, TOKENS.persistence, TOKENS.readiness, TOKENS.clock],
  );
  bind(TOKENS.observer).toResolvedValue(
    ({ outcomes }, { tracing }) => observerOf(outcomes, tracing),
    [TOKENS.metrics, TOKENS.watching],
  );
});
