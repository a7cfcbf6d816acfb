import type { TestServer } from '../server-search.ts';
import { loadTestcontainers } from '../testcontainers.ts';

interface Testcontainers {
  readonly RedisContainer: new (
    image: string,
  ) => { start(): Promise<{ getConnectionUrl(): string; stop(): Promise<unknown> }> };
}

const IMAGE = 'redis:7-alpine';

/** A throwaway container. */
export async function containerServer(env: NodeJS.ProcessEnv): Promise<TestServer> {
  const { RedisContainer } = await loadTestcontainers<Testcontainers>('@testcontainers/redis', env);
  const container = await new RedisContainer(IMAGE).start();
  return {
    url: container.getConnectionUrl(),
    description: `container ${IMAGE}`,
    outlivesTheRun: false,
    stop: async () => {
      await container.stop();
    },
  };
}
