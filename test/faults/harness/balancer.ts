import { Agent, type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { isReady } from './replica.ts';

/** Beyond it a request counts as unanswered. */
export const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 1_000;
const CONNECT_AGAIN_MS = 50;

export interface Ask {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  /** This one, whatever the others do. */
  readonly replica?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly ms: number;
  readonly replica: number;
}

/** `cut`: the connection ended before the answer. `unreachable`: nobody took a connection. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly kind: 'cut' | 'unanswered' | 'unreachable';

  constructor(kind: NoAnswer['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * Shares requests out among the replicas that are ready, as a load balancer does: it keeps connections open, asks
 * `GET /readyz` now and then, and sends a request again only when no connection was made for it. When none is ready it
 * asks any of them.
 */
export class Balancer implements Disposable {
  readonly #ports: readonly number[];
  readonly #agents: readonly Agent[];
  readonly #ready: boolean[];
  readonly #looking: NodeJS.Timeout;
  #turn = 0;

  constructor(ports: readonly number[]) {
    this.#ports = ports;
    this.#agents = ports.map(() => new Agent({ keepAlive: true, maxSockets: 256, scheduling: 'lifo' }));
    this.#ready = ports.map(() => true);
    this.#looking = setInterval(() => void this.#look(), LOOK_EVERY_MS);
  }

  async ask(ask: Ask): Promise<Answer> {
    const begun = performance.now();
    for (;;) {
      const replica = ask.replica ?? this.#next();
      try {
        const answer = await this.#send(ask, replica, PATIENCE_MS - (performance.now() - begun));
        return { ...answer, replica, ms: performance.now() - begun };
      } catch (error) {
        if (!(error instanceof NoAnswer) || error.kind !== 'unreachable') throw error;
        this.#ready[replica] = false;
        if (performance.now() - begun > PATIENCE_MS) throw error;
        await pause(CONNECT_AGAIN_MS);
      }
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#looking);
    for (const agent of this.#agents) agent.destroy();
  }

  #next(): number {
    const all = [...this.#ports.keys()];
    const ready = all.filter((replica) => this.#ready[replica]);
    const among = ready.length > 0 ? ready : all;
    this.#turn += 1;
    return among[this.#turn % among.length] ?? 0;
  }

  async #look(): Promise<void> {
    await Promise.all(
      this.#ports.map(async (port, replica) => {
        this.#ready[replica] = await isReady(port);
      }),
    );
  }

  #send(
    { method, path, headers = {}, json }: Ask,
    replica: number,
    patienceMs: number,
  ): Promise<Omit<Answer, 'ms' | 'replica'>> {
    const body = json === undefined ? undefined : JSON.stringify(json);
    const options: RequestOptions = {
      method,
      path,
      host: '127.0.0.1',
      port: this.#ports[replica],
      agent: this.#agents[replica] ?? false,
      headers: {
        ...headers,
        ...(method !== 'GET' && { 'Content-Length': Buffer.byteLength(body ?? '') }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
    };
    return new Promise((resolve, reject) => {
      const what = `${method} ${path}`;
      const fail = (kind: NoAnswer['kind'], why: unknown) => {
        clearTimeout(deadline);
        reject(new NoAnswer(kind, `${what} at ${replica}: ${why}`));
      };
      const asked = request(options, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', (error) => fail('cut', error));
        answer.on('end', () => {
          clearTimeout(deadline);
          const { statusCode: status = 0, headers } = answer;
          resolve({ status, headers, body: Buffer.concat(chunks).toString() });
        });
      });
      const deadline = setTimeout(() => {
        fail('unanswered', `no answer within ${Math.round(patienceMs)} ms`);
        asked.destroy();
      }, patienceMs);
      asked.on('error', (error: NodeJS.ErrnoException) =>
        fail(error.code === 'ECONNREFUSED' ? 'unreachable' : 'cut', error),
      );
      asked.end(body);
    });
  }
}
