import type { HttpBindings } from '@hono/node-server';
import type { Logger } from 'pino';
import type { KeyActor, Origin, UserActor, Visitor } from '../../application/actor.ts';
import type { Iam } from '../../application/iam.ts';
import type { ProviderReturn } from '../../application/providers/answer-provider.ts';
import type { ApiKeyView } from '../../domain/project/api-key.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import type { Clock } from '../../ports/clock.ts';
import type { IdempotencyStore } from '../../ports/idempotency-store.ts';
import type { RateLimiter, RateWindow } from '../../ports/rate-limiter.ts';
import type { Readiness } from '../../ports/readiness.ts';

/** A mail that the development mailbox shows. */
export interface MailboxEntry {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly links: readonly string[];
  /** ISO 8601, UTC. */
  readonly sentAt: string;
}

/** As much of a logger as is needed here. */
export type Log = Pick<Logger, 'info' | 'error' | 'isLevelEnabled'>;

/** Counts what is answered, and shows it. */
export interface HttpMetrics {
  answered(route: string, method: string, status: number, seconds: number): void;
  refused(code: string): void;
  /** In the text format of Prometheus. */
  page(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** One request, for whoever follows a call through several services. */
export interface RequestSpan {
  readonly traceId: string;
  /** What happens in `work` belongs to it. */
  during<T>(work: () => Promise<T>): Promise<T>;
  end(answer: { readonly status: number; readonly requestId: string | undefined }): void;
}

export interface Tracing {
  /** `header`: of the request, by its name in lower case. `undefined` where nobody wants to know. */
  begin(method: string, route: string, header: (name: string) => string | undefined): RequestSpan | undefined;
}

/**
 * 32 bytes, which authenticate cursors and fingerprints; behind them those that other processes make theirs with while
 * the master key is exchanged.
 */
export type HttpKey = readonly [present: Uint8Array, ...others: Uint8Array[]];

/** What the HTTP adapter is given. */
export interface HttpDependencies {
  readonly iam: Iam;
  readonly rateLimiter: RateLimiter;
  readonly idempotencyStore: IdempotencyStore;
  readonly readiness: Readiness;
  readonly clock: Clock;
  readonly logger: Log;
  /** Without a trailing slash. */
  readonly publicUrl: string;
  /** CIDRs whose `X-Forwarded-For` counts. */
  readonly trustedProxies: readonly string[];
  /** Exact origins. */
  readonly corsOrigins: readonly string[];
  /** Whole URLs that a browser may be sent to after a sign-in by a provider. */
  readonly allowedReturnUrls: readonly string[];
  readonly httpKey: HttpKey;
  /** Only where the mailbox page may be shown. */
  readonly mailbox: { messages(): readonly MailboxEntry[] } | undefined;
  /** Whether the process is on its way out: `/readyz` says 503, connections are closed after their answer. */
  readonly draining: () => boolean;
  /** Absent where nothing is counted, and there is no page either. */
  readonly metrics?: HttpMetrics | undefined;
  /** What whoever reads the metrics has to show; without it, this machine alone may. */
  readonly metricsToken?: string | undefined;
  readonly tracing?: Tracing | undefined;
  /** Gives every line of the log that is written during `work`, however deep, the fields. */
  readonly inLog?: <T>(fields: Readonly<Record<string, string>>, work: () => Promise<T>) => Promise<T>;
}

/** What middleware leaves for routes. */
export interface HttpEnvironment {
  /** Node's request and answer; not there when the app is called without a server. */
  Bindings: Partial<HttpBindings>;
  Variables: {
    requestId: string;
    /** W3C trace id, continued from `traceparent` or new. */
    traceId: string;
    /**
     * Where use cases are told that the call comes from. Set for every request to what the connection says; the Gate
     * replaces it by what its caller says of the person.
     */
    origin: Origin;
    /** Who request rates are counted by: the client's IPv4 address or IPv6 /64. */
    clientNetwork: string;
    /** The tightest of the windows that this request was counted in. */
    rateWindow: { readonly name: string; readonly window: RateWindow };
    project: ProjectState;
    visitor: Visitor;
    actor: UserActor;
    /** Somebody signed in, or a back end with a key of its project. */
    administrator: UserActor | KeyActor;
    apiKey: ApiKeyView;
    /** What somebody brings back from a provider. */
    returned: Omit<ProviderReturn, 'providerId'>;
  };
}
