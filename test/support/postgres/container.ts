import type { TestServer } from '../server-search.ts';
import { loadTestcontainers } from '../testcontainers.ts';

interface Testcontainers {
  readonly PostgreSqlContainer: new (
    image: string,
  ) => { start(): Promise<{ getConnectionUri(): string; stop(): Promise<unknown> }> };
}

const IMAGE = 'postgres:17-alpine';

/** A throwaway container. */
export async function containerServer(env: NodeJS.ProcessEnv): Promise<TestServer> {
  const { PostgreSqlContainer } = await loadTestcontainers<Testcontainers>('@testcontainers/postgresql', env);
  const container = await new PostgreSqlContainer(IMAGE).start();
  return {
    url: container.getConnectionUri(),
    description: `container ${IMAGE}`,
    outlivesTheRun: false,
    stop: async () => {
      await container.stop();
    },
  };
}
