import type { Observer } from '../../ports/observer.ts';
import { LogContext } from '../observability/log-context.ts';
import { hasTracerProvider } from '../observability/tracer-provider.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { Belonging } from './logger.ts';

/** Who follows what happens in the process: the log, and an SDK of OpenTelemetry where one was loaded before. */
export interface Watching {
  readonly logContext: LogContext;
  readonly tracing: Tracing | undefined;
  /** What a line of the log is to name. */
  readonly belonging: Belonging;
}

/** How spans come to be sent. */
export const PRELOAD =
  'Install an SDK and load it before the service: NODE_OPTIONS="--import @opentelemetry/auto-instrumentations-node/register"';

/** What an endpoint alone comes to. */
export const NOBODY_SENDS_SPANS = `OTEL_EXPORTER_OTLP_ENDPOINT is set, and no OpenTelemetry SDK is loaded. ${PRELOAD}`;

/** Loads the interface to OpenTelemetry only where there is something behind it. */
export async function openWatching(config: { readonly publicUrl: string }): Promise<Watching> {
  const logContext = new LogContext();
  const tracing = hasTracerProvider() ? await tracingFor(config) : undefined;
  return { logContext, tracing, belonging: () => ({ ...logContext.fields, ...tracing?.fields }) };
}

async function tracingFor({ publicUrl }: { readonly publicUrl: string }): Promise<Tracing> {
  const { OpenTelemetryTracing } = await import('../observability/opentelemetry/open-telemetry-tracing.ts');
  return new OpenTelemetryTracing({ publicUrl });
}

/** Counts what comes of use cases, and follows them where they are followed. */
export function observerOf(outcomes: Observer, tracing: Tracing | undefined): Observer {
  if (tracing === undefined) return outcomes;
  return { during: (useCase, work) => tracing.during(useCase, () => outcomes.during(useCase, work)) };
}
