import { once } from 'node:events';
import net, { type Socket } from 'node:net';

const HEAD_END = '\r\n\r\n';
/** Nothing, in chunks: what Node sends for a body that is not there. Nothing measured here sends more than that. */
const NO_CHUNKS = '0\r\n\r\n';
const SILENCE_MS = 15_000;

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/** The bytes of a request, made once where it is sent often. */
export function requestText({ method, path, headers = {}, json }: HttpRequest): string {
  const body = json === undefined ? '' : JSON.stringify(json);
  const described: Record<string, string> = { Host: '127.0.0.1', ...headers };
  if (method !== 'GET') described['Content-Length'] = String(Buffer.byteLength(body));
  if (body !== '') described['Content-Type'] = 'application/json';
  const lines = Object.entries(described).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

interface Waiting {
  readonly expected: string;
  readonly resolve: (body: string) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A keep-alive connection to a loopback port, one request at a time. Written on the socket: `node:http` spends more on
 * a request than the servers measured here, and would measure itself. An answer that was not expected is an error.
 */
export class Connection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: Waiting | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setTimeout(SILENCE_MS, () => this.#fail(new Error(`no answer within ${SILENCE_MS} ms`)));
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  static async open(port: number): Promise<Connection> {
    const socket = net.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new Connection(socket);
  }

  /** `expected`: how the status begins. */
  send(request: string, expected = '2'): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting = { expected: `HTTP/1.1 ${expected}`, resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    const headLength = this.#received.indexOf(HEAD_END);
    if (headLength < 0) return;
    const head = this.#received.toString('latin1', 0, headLength);
    const length = bodyLength(head);
    if (length === undefined) {
      this.#fail(new Error(`an answer without a length:\n${head}`));
      return;
    }
    const start = headLength + HEAD_END.length;
    const end = start + length;
    if (this.#received.length < end) return;
    const body = this.#received.toString('utf8', start, end);
    this.#received = this.#received.subarray(end);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return;
    if (head.startsWith(waiting.expected)) waiting.resolve(body);
    else waiting.reject(new Error(`${head.slice(0, head.indexOf('\r\n'))}: ${body}`));
  }

  #fail(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#socket.destroy();
    waiting?.reject(error);
  }
}

function bodyLength(head: string): number | undefined {
  const declared = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (declared !== undefined) return Number(declared);
  if (/^HTTP\/1\.1 (?:204|304)/.test(head)) return 0;
  return /\r\ntransfer-encoding: chunked/i.test(head) ? NO_CHUNKS.length : undefined;
}
