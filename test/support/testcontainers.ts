import net from 'node:net';

const PING_TIMEOUT_MS = 300;

/** A package of Testcontainers, where a Docker engine answers and the package is installed. */
export async function loadTestcontainers<Package>(name: string, env: NodeJS.ProcessEnv): Promise<Package> {
  const engine = env.DOCKER_HOST ?? 'unix:///var/run/docker.sock';
  if (!(await answersPing(engine))) throw new Error(`no Docker engine answers at ${engine}`);
  // Not a dependency of this project: whoever has it installed gets to use it.
  try {
    return (await import(name)) as Package;
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
