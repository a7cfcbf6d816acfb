import type { Observer } from '../../ports/observer.ts';

/** A request that is followed. */
export interface RequestSpan {
  readonly traceId: string;
  during<T>(work: () => Promise<T>): Promise<T>;
  end(answer: { readonly status: number; readonly requestId: string | undefined }): void;
}

/** Follows what happens in the process, for whoever looks at it as a whole. */
export interface Tracing extends Observer {
  /** `undefined` where this request is not followed. */
  begin(method: string, route: string, header: (name: string) => string | undefined): RequestSpan | undefined;
  /** A piece of work that nobody waits for. */
  background<T>(name: string, attributes: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T>;
  /** What a line of the log is to name (OpenTelemetry, Trace Context in non-OTLP Log Formats). */
  readonly fields: { readonly trace_id: string; readonly span_id: string } | undefined;
}
