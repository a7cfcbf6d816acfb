import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { memoryPorts } from '../../src/adapters/container/memory-ports.ts';
import { createHttpApp } from '../../src/adapters/http/app.ts';
import type { HttpDependencies } from '../../src/adapters/http/environment.ts';
import { startHttpServer } from '../../src/adapters/http/server.ts';
import { DevMailbox, type MailboxMessage } from '../../src/adapters/notify/dev-mailbox.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import { createIam } from '../../src/application/iam.ts';
import type { ProjectSettingsPatch } from '../../src/domain/project/project-settings.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { SettableClock } from '../support/clock.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';

export const PUBLIC_URL = 'https://iam.example';
export const OWNER = { email: 'owner@example.test', password: 'the owner of this very platform' };
export const PASSWORD = 'seven purple elephants dance';

const PLENTY = { limit: 1_000_000, windowSeconds: 60 };
const GENEROUS = { rateLimits: { login: PLENTY, register: PLENTY, passwordReset: PLENTY, general: PLENTY } } as const;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of the body
  readonly body: any;
}

export interface Call {
  readonly body?: unknown;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What stands before the memory adapters, and what else HTTP is told. */
export interface Given {
  readonly ports?: (memory: ReturnType<typeof memoryPorts>) => Partial<Ports>;
  readonly settings?: ProjectSettingsPatch;
  readonly http?: Partial<HttpDependencies>;
}

export type TestService = Awaited<ReturnType<typeof aService>>;

/** Both dialects behind a real server on the loopback address, over memory; logs and mails are kept. */
export async function aService(given: Given = {}) {
  const clock = new SettableClock();
  const memory = memoryPorts({ clock, publicUrl: PUBLIC_URL });
  const mailbox = new DevMailbox({ publicUrl: PUBLIC_URL, clock });
  const ports = { ...memory, passwordHasher: aQuickHasher(), ...given.ports?.(memory), notifier: mailbox };
  const iam = createIam(ports);
  const { project: platform } = await iam.projects.installPlatform.execute(OPERATOR, OWNER);
  await iam.projects.updateProject.execute(OPERATOR, { id: platform.id, settings: GENEROUS });
  const project = await iam.projects.createProject.execute(OPERATOR, {
    name: 'Shop',
    settings: { signingAlgorithm: 'ES256', emailVerificationRequired: false, ...GENEROUS, ...given.settings },
  });
  const permissions = ['auth', 'client-address'] as const;
  const { key } = await iam.projects.createApiKey.execute(OPERATOR, { projectId: project.id, name: 'k', permissions });

  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const app = createHttpApp({
    iam,
    rateLimiter: ports.rateLimiter,
    idempotencyStore: memory.idempotencyStore,
    readiness: { check: async () => ({}) },
    clock,
    logger: pino({ level: 'trace' }, stream),
    publicUrl: PUBLIC_URL,
    trustedProxies: [],
    corsOrigins: [],
    allowedReturnUrls: [],
    httpKey: [randomBytes(32)],
    mailbox: undefined,
    draining: () => false,
    ...given.http,
  });
  const server = await startHttpServer(app, { host: '127.0.0.1', port: 0 }, { drain: 100 });
  const url = `http://127.0.0.1:${server.port}`;

  async function call(method: string, path: string, { body, token, headers = {} }: Call = {}): Promise<Answer> {
    const answer = await fetch(url + path, {
      method,
      redirect: 'manual',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
    const text = await answer.text();
    const json = /json/.test(answer.headers.get('Content-Type') ?? '');
    return { status: answer.status, headers: answer.headers, text, body: json ? JSON.parse(text) : undefined };
  }

  /** After everything that is still to be told is told. */
  async function mailsTo(email: string): Promise<readonly MailboxMessage[]> {
    for (let messages = await claim(); messages.length > 0; messages = await claim()) {
      for (const message of messages) await iam.reactions.react.execute(message);
      await memory.outboxFeed.done(messages.map(({ id }) => id));
    }
    return mailbox.messages().filter(({ to }) => to === email);
  }
  const claim = () => memory.outboxFeed.claim(100, 60, clock.now());

  return {
    url,
    app,
    iam,
    ports,
    store: memory.store,
    clock,
    platform,
    project,
    key,
    call,
    v1: (method: string, path: string, more: Call = {}) => call(method, `/api/v1${path}`, more),
    /** `gate/login`, `pub/me`. */
    gate(method: string, path: string, more: Call = {}) {
      const [surface, operation] = path.split('/');
      const headers = { 'X-API-Key': key, ...more.headers };
      return call(method, `/api/v1/${surface}/${project.id}/auth/${operation}`, { ...more, headers });
    },
    mailsTo,
    /** The secret in the newest link to the page. */
    async linkTo(email: string, page: string): Promise<string> {
      const links = (await mailsTo(email)).flatMap((mail) => mail.links).map((link) => new URL(link));
      const found = links.find(({ pathname }) => pathname === `/${page}`);
      return new URLSearchParams(found?.hash.slice(1)).get('token') ?? '';
    },
    /** The newest code. */
    async codeTo(email: string): Promise<string> {
      return (await mailsTo(email)).flatMap(({ text }) => text.match(/^\d{6}$/m) ?? [])[0] ?? '';
    },
    /** Every line so far, of answers that are just out too. */
    async logged(): Promise<readonly string[]> {
      await new Promise((resolve) => setImmediate(resolve));
      return lines;
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

export function anAddress(): string {
  return `p${randomBytes(6).toString('hex')}@example.test`;
}
