import { once } from 'node:events';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP proxy on a loopback port before a dependency, which does to connections what networks do. */
export class FaultProxy implements AsyncDisposable {
  readonly #target: () => number;
  readonly #pairs = new Set<Pair>();
  #server: Server | undefined;
  #port = 0;
  #frozen = false;
  #delayMs = 0;

  private constructor(target: () => number) {
    this.#target = target;
  }

  /** `target`: the port that is behind it at the time. */
  static async before(target: () => number): Promise<FaultProxy> {
    const proxy = new FaultProxy(target);
    await proxy.#listen();
    return proxy;
  }

  get port(): number {
    return this.#port;
  }

  /** Ends every other state: what was held back is let go. */
  async pass(): Promise<void> {
    this.#frozen = false;
    this.#delayMs = 0;
    for (const pair of this.#pairs) pair.thaw();
    await this.#listen();
  }

  /** Every connection there is breaks off; new ones pass. */
  cut(): void {
    for (const pair of this.#pairs) pair.destroy();
  }

  /** As if nobody were there. */
  async refuse(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.cut();
    if (server === undefined) return;
    server.close();
    await once(server, 'close');
  }

  /** Connections stand and are made, and not a byte goes either way. */
  freeze(): void {
    this.#frozen = true;
    for (const pair of this.#pairs) pair.freeze();
  }

  /** Every byte takes so much longer, each way. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.refuse();
  }

  async #listen(): Promise<void> {
    if (this.#server !== undefined) return;
    const server = net.createServer((client) => this.#join(client)).listen(this.#port, '127.0.0.1');
    this.#server = server;
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
  }

  #join(client: Socket): void {
    const pair = new Pair(client, net.connect(this.#target(), '127.0.0.1'), () => this.#delayMs);
    this.#pairs.add(pair);
    client.once('close', () => this.#pairs.delete(pair));
    if (this.#frozen) pair.freeze();
  }
}

/** The two ends of a proxied connection; one does not outlive the other. */
class Pair {
  readonly #ends: readonly [Socket, Socket];

  constructor(client: Socket, server: Socket, delayMs: () => number) {
    this.#ends = [client, server];
    forward(client, server, delayMs);
    forward(server, client, delayMs);
  }

  freeze(): void {
    for (const end of this.#ends) end.pause();
  }

  thaw(): void {
    for (const end of this.#ends) end.resume();
  }

  destroy(): void {
    for (const end of this.#ends) end.resetAndDestroy();
  }
}

function forward(from: Socket, to: Socket, delayMs: () => number): void {
  from.setNoDelay(true);
  const later = (act: () => void) => {
    const ms = delayMs();
    if (ms > 0) setTimeout(act, ms);
    else act();
  };
  from.on('data', (chunk) => later(() => to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => {});
  from.on('close', () => to.destroy());
}
