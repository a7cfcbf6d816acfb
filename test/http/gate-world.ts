import { randomBytes } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { pino } from 'pino';
import { memoryPorts } from '../../src/adapters/container/memory-ports.ts';
import { createHttpApp } from '../../src/adapters/http/app.ts';
import type { HttpDependencies } from '../../src/adapters/http/environment.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import { createIam } from '../../src/application/iam.ts';
import type { ApiKeyPermission } from '../../src/domain/project/api-key.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { ProjectSettingsPatch } from '../../src/domain/project/project-settings.ts';
import type { MailMessage } from '../../src/ports/notifier.ts';
import type { SigningKeyFactory } from '../../src/ports/signing-key-factory.ts';
import { SettableClock } from '../support/clock.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { relayAll } from '../support/relay-all.ts';

export const PASSWORD = 'seven purple elephants dance';

const PLENTY = { limit: 1_000_000, windowSeconds: 60 };
/** Limits that nobody meets by accident; the hard cap stays. */
export const GENEROUS = {
  rateLimits: { login: PLENTY, register: PLENTY, passwordReset: PLENTY, general: PLENTY },
} as const;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of the body
  readonly body: any;
}

export interface Call {
  readonly body?: unknown;
  /** As it is, without `JSON.stringify`. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string;
  /** `null`: none. */
  readonly key?: string | null;
  /** The peer's; one of its own for every call unless given. */
  readonly address?: string;
}

/** RSA keys take long to make, and no test here is about them. */
export function quickKeys(factory: SigningKeyFactory): SigningKeyFactory {
  return { generate: (projectId) => factory.generate(projectId, 'ES256') };
}

export type GateWorld = Awaited<ReturnType<typeof aGateWorld>>;

/** A project with a key that may sign its users in, served from memory. */
export async function aGateWorld(
  given: { readonly settings?: ProjectSettingsPatch; readonly http?: Partial<HttpDependencies> } = {},
) {
  const clock = new SettableClock();
  const memory = memoryPorts({ clock, publicUrl: 'https://iam.example' });
  const ports = { ...memory, passwordHasher: aQuickHasher(), signingKeyFactory: quickKeys(memory.signingKeyFactory) };
  const iam = createIam(ports);
  await iam.projects.installPlatform.execute(OPERATOR, { email: 'owner@example.test', password: PASSWORD });
  const app = createHttpApp({
    iam,
    rateLimiter: ports.rateLimiter,
    idempotencyStore: ports.idempotencyStore,
    readiness: { check: async () => ({}) },
    clock,
    logger: pino({ level: 'silent' }),
    publicUrl: 'https://iam.example',
    trustedProxies: [],
    corsOrigins: [],
    allowedReturnUrls: [],
    httpKey: [randomBytes(32)],
    mailbox: undefined,
    draining: () => false,
    ...given.http,
  });

  const aProject = (settings: ProjectSettingsPatch = {}) =>
    iam.projects.createProject.execute(OPERATOR, {
      name: 'Shop',
      settings: { emailVerificationRequired: false, ...GENEROUS, ...settings },
    });
  const aKey = async (projectId: ProjectId, permissions: readonly ApiKeyPermission[] = ['auth'], expiresAt?: Date) =>
    iam.projects.createApiKey.execute(OPERATOR, { projectId, name: 'Back end', permissions, expiresAt });

  const project = await aProject(given.settings);
  const { key, apiKey } = await aKey(project.id);
  let peers = 0;

  /** `path` without a slash at its start is one of the project's: `gate/login`, `pub/me`. */
  async function call(method: string, path: string, more: Call = {}): Promise<Answer> {
    const body = more.text ?? (more.body === undefined ? undefined : JSON.stringify(more.body));
    const given: Record<string, string | undefined> = {
      'content-type': body === undefined ? undefined : 'application/json',
      'content-length': body === undefined ? undefined : String(Buffer.byteLength(body)),
      authorization: more.token === undefined ? undefined : `Bearer ${more.token}`,
      'x-api-key': more.key === null ? undefined : (more.key ?? key),
      ...Object.fromEntries(Object.entries(more.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
    };
    const headers = Object.fromEntries(Object.entries(given).filter((entry) => entry[1] !== undefined)) as Record<
      string,
      string
    >;
    peers += 1;
    const remoteAddress = more.address ?? `10.${peers >> 16}.${(peers >> 8) & 255}.${peers & 255}`;
    const env = { incoming: { socket: { remoteAddress }, headers } } as unknown as HttpBindings;
    const url = path.startsWith('/') ? path : path.replace(/^(gate|pub)/, `/api/v1/$1/${project.id}/auth`);
    const answer = await app.request(url, { method, headers, ...(body === undefined ? {} : { body }) }, env);
    const text = await answer.text();
    const json = /json/.test(answer.headers.get('Content-Type') ?? '');
    return { status: answer.status, headers: answer.headers, body: json ? JSON.parse(text) : text };
  }

  /** Everything that is still to be told is told; what mails said, latest last. */
  async function mailsTo(email: string): Promise<readonly MailMessage[]> {
    await relayAll(iam, ports.outboxFeed, clock);
    return ports.notifier.messages.filter((mail) => mail.to === email).map((mail) => mail.message);
  }

  const post = (path: string, body?: unknown, more: Call = {}) => call('POST', path, { ...more, body });
  return {
    app,
    iam,
    ports,
    clock,
    project,
    key,
    apiKey,
    aProject,
    aKey,
    call,
    post,
    me: (token: string) => call('GET', 'pub/me', { token }),
    mailsTo,
    /** The code of the latest mail of its kind. */
    async otpTo(email: string): Promise<string> {
      const otp = (await mailsTo(email)).flatMap((message) => ('otp' in message ? [message.otp] : [])).at(-1);
      if (otp === undefined) throw new Error(`no code for ${email}`);
      return otp;
    },
    change: (settings: ProjectSettingsPatch) =>
      iam.projects.updateProject.execute(OPERATOR, { id: project.id, settings }),
    /** Somebody new, signed in. */
    async person(more: object = {}) {
      const email = `p${randomBytes(6).toString('hex')}@example.test`;
      const { body } = await post('gate/register', { email, password: PASSWORD, ...more });
      return { email, token: body.access_token as string, refreshToken: body.refresh_token as string };
    },
  };
}
