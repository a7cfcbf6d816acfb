import { randomBytes } from 'node:crypto';
import { expect, vi } from 'vitest';
import { readConfig } from '../../src/adapters/config/config.ts';
import { startService } from '../../src/adapters/container/service.ts';
import { freePort } from '../support/free-port.ts';

const OWNER = { email: 'owner@example.test', password: 'the owner of this very platform' };
const PASSWORD = 'seven purple elephants dance';
const SOON = { timeout: 15_000, interval: 20 };
const PLENTY = { limit: 1_000_000, windowSeconds: 60 };

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of the body
  readonly body: any;
}

/** Calls as somebody. */
export type Caller = (method: string, path: string, body?: object) => Promise<Answer>;

export interface RunningService extends AsyncDisposable {
  readonly config: ReturnType<typeof readConfig>;
  /** Owns the platform. */
  readonly owner: Caller;
  /** Anybody. */
  readonly nobody: Caller;
  /** Somebody new with a proven address, who owns a tenant. */
  aTenant(): Promise<Caller>;
  stop(): Promise<void>;
}

const MASTER_KEY = randomBytes(32).toString('base64');

/** The whole service, as an operator starts it, on a database that others may be at. */
export async function aRunningService(
  databaseUrl: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<RunningService> {
  const port = await freePort();
  const config = readConfig(false, {
    PORT: String(port),
    DATABASE_URL: databaseUrl,
    MASTER_KEY,
    PLATFORM_OWNER_EMAIL: OWNER.email,
    PLATFORM_OWNER_PASSWORD: OWNER.password,
    ALLOW_PRIVATE_WEBHOOKS: 'true',
    LOG_LEVEL: 'silent',
    ...environment,
  });
  const service = await startService(config, false, () => {});
  const url = `http://127.0.0.1:${port}`;
  const callerWith =
    (token?: string): Caller =>
    async (method, path, body) => {
      const answer = await fetch(url + (path.startsWith('/dev/') ? path : `/api/v1${path}`), {
        method,
        headers: {
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
    };
  const nobody = callerWith();
  const owner = callerWith((await nobody('POST', '/auth/login', OWNER)).body.accessToken);
  await unlimited(owner);
  await published(owner, 'project.updated', () => true);

  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= service.stop(0);
    return stopping;
  };
  return {
    config,
    owner,
    nobody,
    async aTenant() {
      const email = `p${randomBytes(6).toString('hex')}@example.test`;
      const { body } = await nobody('POST', '/auth/register', { email, password: PASSWORD });
      await nobody('POST', '/auth/verify-email', { token: await proofTo(nobody, email) });
      await published(owner, 'user.email.verified', ({ userId }) => userId === body.user.id);
      return callerWith(body.accessToken);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Once it is published, so is everything that was committed before: a receiver that comes now hears nothing of it. */
function published(owner: Caller, type: string, is: (data: { readonly userId?: string }) => boolean): Promise<void> {
  return vi.waitFor(async () => {
    const { data } = (await owner('GET', `/events?type=${type}&limit=100`)).body;
    expect(data.map((event: { readonly data: object }) => event.data).some(is)).toBe(true);
  }, SOON);
}

async function unlimited(owner: Caller): Promise<void> {
  const [platform] = (await owner('GET', '/projects?limit=100')).body.data.slice(-1);
  const rateLimits = { login: PLENTY, register: PLENTY, passwordReset: PLENTY, general: PLENTY };
  await owner('PATCH', `/projects/${platform.id}`, { settings: { rateLimits } });
}

interface Mail {
  readonly to: string;
  readonly links: readonly string[];
}

/** What the mail carries, as soon as it is out. */
async function proofTo(nobody: Caller, email: string): Promise<string> {
  for (;;) {
    const mails: readonly Mail[] = (await nobody('GET', '/dev/mailbox.json')).body;
    const links = mails.filter(({ to }) => to === email).flatMap((mail) => mail.links);
    const link = links.find((each) => new URL(each).pathname === '/verify-email');
    if (link !== undefined) return new URLSearchParams(new URL(link).hash.slice(1)).get('token') ?? '';
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
