import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { anHttpServer } from './http-server.ts';

export interface ReceivedWebhook {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export type Answering = (response: ServerResponse) => void;

export const answering =
  (status: number): Answering =>
  (response) =>
    response.writeHead(status).end();

export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly received: readonly ReceivedWebhook[];
  /** To whatever comes next. */
  answer: Answering;
}

/** A real server that keeps what is delivered to it. */
export async function aWebhookReceiver(answer: Answering = answering(204)): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const server = await anHttpServer(async (request, response) => {
    const body = (await request.toArray()).join('');
    received.push({ method: request.method, path: request.url, headers: plain(request.headers), body });
    receiver.answer(response);
  });
  const { port } = server;
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${port}/hooks?of=iam`,
    port,
    received,
    answer,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
  return receiver;
}

function plain(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
