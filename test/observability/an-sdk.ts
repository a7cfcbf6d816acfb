import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  type ContextManager,
  context,
  propagation,
  ROOT_CONTEXT,
  type TextMapPropagator,
  trace,
} from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** What follows a request through promises, as an SDK brings it along. */
class Following implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT;
  }

  with<Arguments extends unknown[], Answer>(
    active: Context,
    work: (...args: Arguments) => Answer,
    self?: ThisParameterType<typeof work>,
    ...args: Arguments
  ): Answer {
    return this.#storage.run(active, () => work.apply(self, args));
  }

  bind<T>(_: Context, target: T): T {
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    this.#storage.disable();
    return this;
  }
}

const TRACEPARENT = /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/;

/** W3C Trace Context. */
const traceparent: TextMapPropagator = {
  inject: () => {},
  fields: () => ['traceparent'],
  extract(from, carrier, { get }) {
    const header = get(carrier, 'Traceparent');
    const [, traceId, spanId, flags] = TRACEPARENT.exec(typeof header === 'string' ? header : '') ?? [];
    if (traceId === undefined || spanId === undefined) return from;
    return trace.setSpanContext(from, { traceId, spanId, traceFlags: Number(flags), isRemote: true });
  },
};

/** An SDK as an operator would load it, which keeps what it is given. */
export function anSdk(): { spans(): readonly ReadableSpan[]; forget(): void } & Disposable {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new Following());
  propagation.setGlobalPropagator(traceparent);
  return {
    spans: () => exporter.getFinishedSpans(),
    forget: () => exporter.reset(),
    [Symbol.dispose]() {
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}
