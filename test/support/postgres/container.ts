import net from 'node:net';
import type { PostgresServer } from '../postgres.ts';

interface Testcontainers {
  readonly PostgreSqlContainer: new (
    image: string,
  ) => { start(): Promise<{ getConnectionUri(): string; stop(): Promise<unknown> }> };
}

const IMAGE = 'postgres:17-alpine';
const PING_TIMEOUT_MS = 300;

/** A throwaway container, where a Docker engine answers and Testcontainers is installed. */
export async function containerServer(env: NodeJS.ProcessEnv): Promise<PostgresServer> {
  const engine = env.DOCKER_HOST ?? 'unix:///var/run/docker.sock';
  if (!(await answersPing(engine))) throw new Error(`no Docker engine answers at ${engine}`);
  const { PostgreSqlContainer } = await loadTestcontainers();
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

async function loadTestcontainers(): Promise<Testcontainers> {
  // Not a dependency of this project: whoever has it installed gets to use it.
  const name: string = '@testcontainers/postgresql';
  try {
    return (await import(name)) as Testcontainers;
  } catch {
    throw new Error(`a Docker engine answers, but ${name} is not installed`);
  }
}

/** Asked before Testcontainers is loaded: an absent engine costs milliseconds this way. */
function answersPing(engine: string): Promise<boolean> {
  const { protocol, hostname, port, pathname } = new URL(engine);
  return new Promise((resolve) => {
    const socket =
      protocol === 'unix:' ? net.connect(pathname) : net.connect({ host: hostname, port: Number(port || 2375) });
    const answer = (there: boolean) => {
      socket.destroy();
      resolve(there);
    };
    socket.setTimeout(PING_TIMEOUT_MS, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('connect', () => socket.write('GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n'));
    socket.once('data', (data) => answer(/^HTTP\/1\.[01] 200/.test(String(data))));
  });
}
