import { randomBytes } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { pino } from 'pino';
import { memoryPorts } from '../../src/adapters/container/memory-ports.ts';
import { createHttpApp } from '../../src/adapters/http/app.ts';
import type { HttpDependencies, HttpKey } from '../../src/adapters/http/environment.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import { createIam, type Iam } from '../../src/application/iam.ts';
import { defaultPolicy } from '../../src/application/policy.ts';
import type { ProjectId, ProjectState } from '../../src/domain/project/project.ts';
import type { ProviderAdapters } from '../../src/ports/auth-provider.ts';
import type { IdempotencyStore } from '../../src/ports/idempotency-store.ts';
import type { MailMessage } from '../../src/ports/notifier.ts';
import type { Observer } from '../../src/ports/observer.ts';
import type { OutboxFeed } from '../../src/ports/outbox-feed.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { inMemoryProviders } from '../support/a-provider.ts';
import { SettableClock } from '../support/clock.ts';
import { relayAll } from '../support/relay-all.ts';

export const PUBLIC_URL = 'https://iam.example';
/** Where people may be sent back to. */
export const RETURN_TO = 'https://app.example/welcome?from=iam';
export const OWNER = { email: 'owner@example.test', password: 'the owner of this very platform' };
export const PASSWORD = 'seven purple elephants dance';

const PLENTY = { limit: 1_000_000, windowSeconds: 60 };
/** Rate limits that nobody meets by accident. */
export const GENEROUS = {
  rateLimits: { login: PLENTY, register: PLENTY, passwordReset: PLENTY, general: PLENTY },
} as const;

/** What came back, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of the body
  readonly body: any;
  /** The slug of a problem. */
  readonly problem: string | undefined;
}

export interface Call {
  readonly body?: unknown;
  /** In place of a body of JSON. */
  readonly form?: Readonly<Record<string, string>>;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** The peer's. */
  readonly address?: string;
}

type MemoryPorts = ReturnType<typeof memoryPorts>;
type StandIns = Partial<
  Omit<Ports, 'notifier' | 'observer'> & {
    readonly outboxFeed: OutboxFeed;
    readonly idempotencyStore: IdempotencyStore;
  }
>;

export interface Given {
  readonly clock?: SettableClock;
  readonly masterKey?: Uint8Array;
  /** What stands before the memory adapters. */
  readonly ports?: (memory: MemoryPorts) => StandIns;
  /** In place of those that live in the process. */
  readonly providerAdapters?: ProviderAdapters;
  readonly httpKey?: HttpKey;
  readonly http?: Partial<HttpDependencies>;
  readonly observer?: Observer;
}

export type V1World = Awaited<ReturnType<typeof aV1World>>;

/** The service over memory adapters with its platform installed, and rate limits that nobody meets by accident. */
export async function aV1World({ ports: standIns, httpKey = [randomBytes(32)], http = {}, ...given }: Given = {}) {
  const { clock = new SettableClock(), providerAdapters = inMemoryProviders(), masterKey = randomBytes(32) } = given;
  const memory = memoryPorts({ masterKey, clock, publicUrl: http.publicUrl ?? PUBLIC_URL });
  const looked = given.observer === undefined ? {} : { observer: given.observer };
  const ports = { ...memory, ...standIns?.(memory), providerAdapters, notifier: memory.notifier, ...looked };
  const iam = createIam(ports);
  const { project: platform } = await iam.projects.installPlatform.execute(OPERATOR, OWNER);
  await iam.projects.updateProject.execute(OPERATOR, { id: platform.id, settings: GENEROUS });
  await offerProviders(iam, platform.id);
  return worldOver({ ports, clock, platform, httpKey, http });
}

/** What the people of the platform may sign in with. */
export const ACME = 'acme';
export const WALLET = 'wallet';

async function offerProviders(iam: Iam, projectId: ProjectId): Promise<void> {
  const { configureProvider } = iam.providers;
  const acme = { projectId, id: ACME, name: 'Acme', type: 'oidc', issuer: 'https://id.example.test', clientId: 'c' };
  await configureProvider.execute(OPERATOR, { ...acme, clientSecret: 'the secret of acme' });
  await configureProvider.execute(OPERATOR, { projectId, id: WALLET, name: 'Wallet', type: 'wallet' });
}

export interface Installed {
  readonly ports: Omit<MemoryPorts, keyof StandIns> & Required<StandIns>;
  readonly clock: SettableClock;
  readonly platform: ProjectState;
  readonly httpKey: HttpKey;
  readonly http?: Given['http'];
}

/** The service over what is installed already. */
export function worldOver({ ports, clock, platform, httpKey, http = {} }: Installed) {
  const { allowedReturnUrls = [RETURN_TO] } = http;
  const iam = createIam(ports, { ...defaultPolicy, allowedReturnUrls });
  const app = createHttpApp({
    iam,
    rateLimiter: ports.rateLimiter,
    idempotencyStore: ports.idempotencyStore,
    readiness: { check: async () => ({}) },
    clock,
    logger: pino({ level: 'silent' }),
    publicUrl: PUBLIC_URL,
    trustedProxies: [],
    corsOrigins: [],
    httpKey,
    mailbox: undefined,
    draining: () => false,
    ...http,
    allowedReturnUrls,
  });

  async function call(method: string, path: string, given: Call = {}): Promise<Answer> {
    const json = given.body === undefined ? undefined : JSON.stringify(given.body);
    const body = given.form === undefined ? json : String(new URLSearchParams(given.form));
    const type = given.form === undefined ? 'application/json' : 'application/x-www-form-urlencoded';
    const headers: Record<string, string> = {
      ...(body === undefined ? {} : { 'Content-Type': type, 'Content-Length': String(Buffer.byteLength(body)) }),
      ...(given.token === undefined ? {} : { Authorization: `Bearer ${given.token}` }),
      ...given.headers,
    };
    const socket = { remoteAddress: given.address ?? '192.0.2.1' };
    const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    const env = { incoming: { socket, headers: Object.fromEntries(lowered) } } as unknown as HttpBindings;
    const url = path.startsWith('/api') ? path : `/api/v1${path}`;
    const answer = await app.request(url, { method, headers, ...(body === undefined ? {} : { body }) }, env);
    const text = await answer.text();
    const isJson = /\bjson/.test(answer.headers.get('Content-Type') ?? '');
    const parsed = isJson ? JSON.parse(text) : undefined;
    const isProblem = /\bproblem\b/.test(answer.headers.get('Content-Type') ?? '');
    const problem = isProblem ? parsed.type.split('/').pop() : undefined;
    return { status: answer.status, headers: answer.headers, text, body: parsed, problem };
  }

  /** Everything that is still to be told is told; what mails said, latest last. */
  async function mailsTo(email: string): Promise<readonly MailMessage[]> {
    await relayAll(iam, ports.outboxFeed, clock);
    return ports.notifier.messages.filter((mail) => mail.to === email).map((mail) => mail.message);
  }

  const post = (path: string, body?: unknown, more: Call = {}) => call('POST', path, { ...more, body });
  const get = (path: string, token?: string, more: Call = {}) => call('GET', path, { ...more, token });

  return {
    app,
    iam,
    ports,
    clock,
    platform,
    call,
    post,
    get,
    mailsTo,
    /** The access token of the platform's owner, fresh. */
    async owner(): Promise<string> {
      return (await post('/auth/login', OWNER)).body.accessToken;
    },
    /** Somebody new, signed in. */
    async person(given: { readonly email?: string } = {}) {
      const email = given.email ?? `p${randomBytes(6).toString('hex')}@example.test`;
      const answer = await post('/auth/register', { email, password: PASSWORD });
      return {
        email,
        token: answer.body.accessToken as string,
        refreshToken: answer.body.refreshToken as string,
        answer,
      };
    },
  };
}

/** The latest mail of a kind. */
export function latest<Kind extends MailMessage['kind']>(
  mails: readonly MailMessage[],
  kind: Kind,
): Extract<MailMessage, { readonly kind: Kind }> {
  const found = mails.filter((mail) => mail.kind === kind).at(-1);
  if (found === undefined) throw new Error(`no ${kind} among ${mails.map((mail) => mail.kind).join(', ')}`);
  return found as Extract<MailMessage, { readonly kind: Kind }>;
}
