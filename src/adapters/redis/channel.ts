import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'redis';
import { connectionOptions, pauseMs } from './connection-options.ts';
import { Deadline } from './deadline.ts';
import type { OnTrouble } from './trouble.ts';

interface ChannelOptions {
  /** Of a cluster any will do: it tells the others. */
  readonly nodes: readonly string[];
  readonly name: string;
  readonly onMessage: (message: string) => void;
  /** From now on messages arrive; there may have been others before. */
  readonly onOpen: () => void;
  readonly onTrouble: OnTrouble;
}

type Client = ReturnType<typeof connectOnce>;

/** One channel, over a connection of its own that is made again whenever it breaks, to the next node. */
export class Channel {
  readonly #options: ChannelOptions;
  readonly #deadline = new Deadline();
  readonly #closing = new AbortController();
  readonly #kept: Promise<void>;
  #client: Client | undefined;
  #open = false;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.#kept = this.#keep();
  }

  /** Rejects within the deadline when it may not have been heard. */
  async publish(message: string): Promise<void> {
    const client = this.#client;
    if (client === undefined || !this.#open) throw new Error('not subscribed');
    await this.#deadline.within(() => client.publish(this.#options.name, message));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#client?.destroy();
    await this.#kept;
  }

  async #keep(): Promise<void> {
    const { nodes, onTrouble } = this.#options;
    const { signal } = this.#closing;
    let failures = 0;
    for (let next = 0; !signal.aborted; next = (next + 1) % nodes.length) {
      try {
        await this.#serve(nodes[next] ?? '', () => {
          failures = 0;
        });
      } catch (error) {
        if (!signal.aborted) onTrouble(error);
      }
      await pause(pauseMs(failures), undefined, { signal }).catch(() => {});
      failures += 1;
    }
  }

  /** Rejects when the connection breaks. */
  async #serve(url: string, onOpen: () => void): Promise<never> {
    const client = connectOnce(url);
    const broken = new Promise<never>((_resolve, reject) => {
      client.on('error', reject);
      client.on('end', () => reject(new Error('closed')));
    });
    this.#client = client;
    try {
      const subscribed = client.connect().then(() => client.subscribe(this.#options.name, this.#options.onMessage));
      await Promise.race([subscribed, broken]);
      this.#open = true;
      onOpen();
      this.#options.onOpen();
      return await broken;
    } finally {
      this.#open = false;
      client.destroy();
    }
  }
}

function connectOnce(url: string) {
  const { socket, ...options } = connectionOptions();
  return createClient({ ...options, url, socket: { ...socket, reconnectStrategy: false } });
}
