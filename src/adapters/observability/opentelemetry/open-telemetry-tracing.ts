import {
  type Context,
  context,
  isSpanContextValid,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { IamError } from '../../../domain/errors.ts';
import type { RequestSpan, Tracing } from '../tracing.ts';

/**
 * Spans, by the API of OpenTelemetry alone: where they go is the business of the SDK that whoever runs the process has
 * loaded. Their attributes are words of the code, patterns and numbers: no path, query, header, message or id of a person.
 */
export class OpenTelemetryTracing implements Tracing {
  readonly #tracer = trace.getTracer('castellan');
  readonly #scheme: string;

  constructor({ publicUrl }: { readonly publicUrl: string }) {
    this.#scheme = new URL(publicUrl).protocol.slice(0, -1);
  }

  /** By the semantic conventions for HTTP servers, but for `url.path` and `url.query`, which may hold anything. */
  begin(method: string, route: string, header: (name: string) => string | undefined): RequestSpan | undefined {
    const around = context.active();
    // Where the SDK watches Node's own server, there is a span already.
    const watched = trace.getSpan(around) !== undefined;
    const parent = watched ? around : continued(around, header);
    const attributes = { 'http.request.method': method, 'http.route': route, 'url.scheme': this.#scheme };
    const kind = watched ? SpanKind.INTERNAL : SpanKind.SERVER;
    const span = this.#tracer.startSpan(`${method} ${route}`, { kind, attributes }, parent);
    const { traceId } = span.spanContext();
    if (!isSpanContextValid(span.spanContext())) return undefined;
    const within = trace.setSpan(parent, span);
    return {
      traceId,
      during: (work) => context.with(within, work),
      end: ({ status, requestId }) => {
        span.setAttribute('http.response.status_code', status);
        if (requestId !== undefined) span.setAttribute('castellan.request_id', requestId);
        if (status >= 500) failed(span, String(status));
        span.end();
      },
    };
  }

  /** Within a request. What runs by itself has no span: it would be one a second, of nothing. */
  during<T>(useCase: string, work: () => Promise<T>): Promise<T> {
    const around = context.active();
    return trace.getSpan(around) === undefined ? work() : this.#within(around, useCase, {}, work);
  }

  background<T>(name: string, attributes: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
    return this.#within(context.active(), name, attributes, work);
  }

  get fields(): { readonly trace_id: string; readonly span_id: string } | undefined {
    const span = trace.getActiveSpan()?.spanContext();
    return span && { trace_id: span.traceId, span_id: span.spanId };
  }

  async #within<T>(
    around: Context,
    name: string,
    attributes: Readonly<Record<string, string>>,
    work: () => Promise<T>,
  ): Promise<T> {
    const span = this.#tracer.startSpan(name, { attributes }, around);
    try {
      return await context.with(trace.setSpan(around, span), work);
    } catch (error) {
      if (error instanceof IamError) span.setAttribute('castellan.refusal', error.code);
      else failed(span, error instanceof Error ? error.name : 'unknown');
      throw error;
    } finally {
      span.end();
    }
  }
}

/** The trace that the caller is in. Of what else it sends along nothing goes on to whom we call. */
function continued(around: Context, header: (name: string) => string | undefined): Context {
  const sent = propagation.extract(around, header, { get: getHeader, keys: () => [] });
  const caller = trace.getSpanContext(sent);
  return caller === undefined ? around : trace.setSpanContext(around, caller);
}

function getHeader(header: (name: string) => string | undefined, name: string): string | undefined {
  return header(name.toLowerCase());
}

/** Without a message: what an error says is for the log, which knows what to leave out. */
function failed(span: Span, type: string): void {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR });
}
