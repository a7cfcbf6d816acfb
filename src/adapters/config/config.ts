import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { isLoopbackHost } from './loopback.ts';
import { type PlatformProvider, platformProviders } from './platform-providers.ts';
import { redisNodes } from './redis-nodes.ts';

/** What the environment says, checked. Durations in seconds where not said otherwise. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  readonly production: boolean;
  readonly database:
    | { readonly kind: 'embedded'; readonly dataDir: string }
    | { readonly kind: 'postgres'; readonly url: string; readonly poolSize: number; readonly prepare: boolean };
  /** `memory`: what replicas would share is this process's own. Several nodes are a cluster. */
  readonly cache: { readonly kind: 'memory' } | { readonly kind: 'redis'; readonly nodes: readonly string[] };
  /** `undefined`: made and kept in the data folder. */
  readonly masterKey: Uint8Array | undefined;
  readonly previousMasterKey: Uint8Array | undefined;
  /** Known, and not used yet: other processes may have it as theirs. */
  readonly nextMasterKey: Uint8Array | undefined;
  /** `mailbox`: the development page instead of a mail server. */
  readonly mail: { readonly kind: 'mailbox' } | { readonly kind: 'smtp'; readonly url: string; readonly from: string };
  readonly owner: { readonly email: string; readonly password: string | undefined };
  readonly dataDir: string;
  readonly trustedProxies: readonly string[];
  readonly corsOrigins: readonly string[];
  /** Where a browser may be sent after a sign-in by a provider: whole URLs, compared as strings. */
  readonly allowedReturnUrls: readonly string[];
  /** Whether providers may be asked over plain HTTP and at private addresses. */
  readonly allowPrivateProviders: boolean;
  /** Of the platform project. */
  readonly platformProviders: readonly PlatformProvider[];
  /** Wrong recovery codes that close recovery for an hour. */
  readonly recoveryMaxAttempts: number;
  /** After how many days a signing key is followed by the next one. */
  readonly signingKeyDays: number;
  /** `null`: audit records are kept for ever. */
  readonly auditRetentionMonths: number | null;
  /** Whether webhooks may be delivered over plain HTTP and to private addresses. */
  readonly allowPrivateWebhooks: boolean;
  /** For how long published events, and what became of their deliveries, can be read again. */
  readonly eventRetentionDays: number;
  readonly hash: {
    readonly memoryKib: number;
    readonly iterations: number;
    readonly concurrency: number;
    readonly queue: number;
  };
  /** How long the service still answers once it was asked to end, so that balancers notice. */
  readonly drainSeconds: number;
  /** What a reader of the metrics shows; `undefined`: this machine alone may read them. */
  readonly metricsToken: string | undefined;
  /** Where an SDK of OpenTelemetry sends spans, if one is loaded. */
  readonly otlpEndpoint: string | undefined;
  readonly log: { readonly level: string; readonly format: 'json' | 'pretty' };
}

/** Every wrong variable, in one message. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const lines = faults.map((fault) => `  ${fault}`).join('\n');
    super(`The environment is not right:\n${lines}\nSee the table of variables in the README.`);
    this.faults = faults;
  }
}

const network = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], { error: 'an IP address or a CIDR is needed' });
const flag = z.enum(['true', 'false'], { error: 'true or false is needed' }).transform((value) => value === 'true');
const int = (min: number, max: number) => {
  const error = `a whole number from ${min} to ${max} is needed`;
  // As people write it: `Number` would read 1e2 and 0x10, too.
  const written = z.string().regex(/^\d+$/, error).transform(Number);
  return written.pipe(z.number().min(min, { error }).max(max, { error }));
};
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
const key = z
  .base64()
  .transform((text) => new Uint8Array(Buffer.from(text, 'base64')))
  .refine((bytes) => bytes.length === 32, '32 bytes in base64 are needed; make one with: openssl rand -base64 32');
const httpUrl = z.url({ protocol: /^https?$/, error: 'an http or https URL is needed' });
const origin = httpUrl.refine(
  (text) => URL.canParse(text) && new URL(text).origin === text,
  'an origin is needed: scheme, host, port, no path',
);
const returnUrl = httpUrl.refine((text) => isWholeUrl(text), 'a whole URL is needed, without fragment and credentials');
const withScheme = (...schemes: string[]) =>
  z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol), {
    error: `a URL that starts with ${schemes.map((scheme) => `${scheme}//`).join(' or ')} is needed`,
  });

const ENVIRONMENT = z.object({
  NODE_ENV: z.string().optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: int(1, 65_535).default(3000),
  PUBLIC_URL: httpUrl.optional(),
  DATA_DIR: z.string().default('./data'),
  ALLOW_EMBEDDED: flag.default(false),
  DATABASE_URL: withScheme('postgres:', 'postgresql:').optional(),
  DATABASE_POOL_SIZE: int(1, 1000).default(10),
  DATABASE_PREPARE: flag.default(true),
  REDIS_URL: list.pipe(redisNodes).optional(),
  SMTP_URL: withScheme('smtp:', 'smtps:').optional(),
  MAIL_FROM: z.string().optional(),
  MASTER_KEY: key.optional(),
  MASTER_KEY_PREVIOUS: key.optional(),
  MASTER_KEY_NEXT: key.optional(),
  PLATFORM_OWNER_EMAIL: z.string().default('owner@localhost'),
  PLATFORM_OWNER_PASSWORD: z.string().min(12).max(128).optional(),
  TRUSTED_PROXIES: list.pipe(z.array(network)).default([]),
  CORS_ORIGINS: list.pipe(z.array(origin)).default([]),
  ALLOWED_RETURN_URLS: list.pipe(z.array(returnUrl)).default([]),
  ALLOW_PRIVATE_PROVIDERS: flag.default(false),
  PLATFORM_PROVIDERS: platformProviders.default([]),
  RECOVERY_MAX_ATTEMPTS: int(1, 100).default(5),
  SIGNING_KEY_DAYS: int(1, 3650).default(90),
  AUDIT_RETENTION_MONTHS: int(1, 1200).optional(),
  ALLOW_PRIVATE_WEBHOOKS: flag.default(false),
  EVENT_RETENTION_DAYS: int(7, 3650).default(30),
  HASH_MEMORY_KIB: int(7168, 1_048_576).default(19_456),
  HASH_ITERATIONS: int(1, 100).default(2),
  HASH_CONCURRENCY: int(1, 256).default(availableParallelism()),
  HASH_QUEUE: int(0, 100_000).default(64),
  DRAIN_SECONDS: int(0, 3600).default(5),
  METRICS_TOKEN: z
    .string()
    .regex(/^[!-~]{16,}$/, 'at least 16 printable ASCII characters without spaces are needed')
    .optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).optional(),
});
type Environment = z.output<typeof ENVIRONMENT>;

/** @throws ConfigError */
export function readConfig(terminal: boolean, environment: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const read = ENVIRONMENT.safeParse(given);
  if (!read.success) {
    throw new ConfigError(read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  }
  const faults = contradictions(read.data);
  if (faults.length > 0) throw new ConfigError(faults);
  return configOf(read.data, terminal);
}

function configOf(env: Environment, terminal: boolean): Config {
  return {
    host: env.HOST,
    port: env.PORT,
    publicUrl: publicUrlOf(env),
    production: env.NODE_ENV === 'production',
    database:
      env.DATABASE_URL === undefined
        ? { kind: 'embedded', dataDir: env.DATA_DIR }
        : {
            kind: 'postgres',
            url: env.DATABASE_URL,
            poolSize: env.DATABASE_POOL_SIZE,
            prepare: env.DATABASE_PREPARE,
          },
    cache: env.REDIS_URL === undefined ? { kind: 'memory' } : { kind: 'redis', nodes: env.REDIS_URL },
    masterKey: env.MASTER_KEY,
    previousMasterKey: env.MASTER_KEY_PREVIOUS,
    nextMasterKey: env.MASTER_KEY_NEXT,
    mail:
      env.SMTP_URL === undefined || env.MAIL_FROM === undefined
        ? { kind: 'mailbox' }
        : { kind: 'smtp', url: env.SMTP_URL, from: env.MAIL_FROM },
    owner: { email: env.PLATFORM_OWNER_EMAIL, password: env.PLATFORM_OWNER_PASSWORD },
    dataDir: env.DATA_DIR,
    trustedProxies: env.TRUSTED_PROXIES,
    corsOrigins: env.CORS_ORIGINS,
    allowedReturnUrls: env.ALLOWED_RETURN_URLS,
    allowPrivateProviders: env.ALLOW_PRIVATE_PROVIDERS,
    platformProviders: env.PLATFORM_PROVIDERS,
    recoveryMaxAttempts: env.RECOVERY_MAX_ATTEMPTS,
    signingKeyDays: env.SIGNING_KEY_DAYS,
    auditRetentionMonths: env.AUDIT_RETENTION_MONTHS ?? null,
    allowPrivateWebhooks: env.ALLOW_PRIVATE_WEBHOOKS,
    eventRetentionDays: env.EVENT_RETENTION_DAYS,
    hash: {
      memoryKib: env.HASH_MEMORY_KIB,
      iterations: env.HASH_ITERATIONS,
      concurrency: env.HASH_CONCURRENCY,
      queue: env.HASH_QUEUE,
    },
    drainSeconds: env.DRAIN_SECONDS,
    metricsToken: env.METRICS_TOKEN,
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    log: { level: env.LOG_LEVEL, format: env.LOG_FORMAT ?? (terminal ? 'pretty' : 'json') },
  };
}

function publicUrlOf({ PUBLIC_URL, HOST, PORT }: Environment): string {
  const host = HOST.includes(':') ? `[${HOST}]` : HOST;
  return (PUBLIC_URL ?? `http://${host}:${PORT}`).replace(/\/+$/, '');
}

/** A fragment reaches no server, and credentials are nobody's to send a browser to. */
function isWholeUrl(text: string): boolean {
  if (!URL.canParse(text) || text.includes('#')) return false;
  const { username, password } = new URL(text);
  return username === '' && password.length === 0;
}

/** For 1 to 5 iterations: argon2id that is as strong as OWASP asks for (Password Storage Cheat Sheet). */
const LEAST_HASH_MEMORY_KIB = [47_104, 19_456, 12_288, 9_216, 7_168] as const;

const MASTER_KEY_PAIRS = [
  ['MASTER_KEY_PREVIOUS', 'MASTER_KEY'],
  ['MASTER_KEY_NEXT', 'MASTER_KEY'],
  ['MASTER_KEY_NEXT', 'MASTER_KEY_PREVIOUS'],
] as const;

/** What is right by itself and wrong together. */
function contradictions(env: Environment): string[] {
  const faults: string[] = [];
  const production = env.NODE_ENV === 'production';
  if (env.DATABASE_URL === undefined && production && !env.ALLOW_EMBEDDED) {
    faults.push(
      'DATABASE_URL: needed in production; the embedded database is for evaluation (ALLOW_EMBEDDED=true insists)',
    );
  }
  if (env.DATABASE_URL !== undefined && env.MASTER_KEY === undefined) {
    faults.push('MASTER_KEY: needed with DATABASE_URL; make one with: openssl rand -base64 32');
  }
  for (const [name, other] of MASTER_KEY_PAIRS) {
    const [one, another] = [env[name], env[other]];
    if (one && another && Buffer.from(one).equals(another)) faults.push(`${name}: it is ${other} already`);
  }
  if (env.SMTP_URL !== undefined && env.MAIL_FROM === undefined) {
    faults.push('MAIL_FROM: needed with SMTP_URL, for example: Castellan <no-reply@example.com>');
  }
  const leastMemory = LEAST_HASH_MEMORY_KIB[env.HASH_ITERATIONS - 1] ?? LEAST_HASH_MEMORY_KIB[4];
  if (env.HASH_MEMORY_KIB < leastMemory) {
    faults.push(`HASH_MEMORY_KIB: at least ${leastMemory} with HASH_ITERATIONS=${env.HASH_ITERATIONS}`);
  }
  const loopback = isLoopbackHost(env.HOST) && isLoopbackHost(new URL(publicUrlOf(env)).hostname);
  if (env.SMTP_URL === undefined && (production || !loopback)) {
    faults.push('SMTP_URL: needed unless HOST and PUBLIC_URL are loopback addresses and NODE_ENV is not production');
  }
  return faults;
}
