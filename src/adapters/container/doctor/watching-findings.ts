import type { Config } from '../../config/config.ts';
import { hasTracerProvider } from '../../observability/tracer-provider.ts';
import { PRELOAD } from '../watching.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Who may see how the service is, and who follows its calls. */
export function watchingFindings(config: Pick<Config, 'metricsToken' | 'otlpEndpoint'>): readonly Finding[] {
  return [metricsFinding(config), tracesFinding(config)];
}

function metricsFinding({ metricsToken }: Pick<Config, 'metricsToken'>): Finding {
  if (metricsToken !== undefined) return ok('metrics', 'GET /metrics is for whoever has METRICS_TOKEN.');
  return ok('metrics', 'GET /metrics is for this machine alone; METRICS_TOKEN opens it to whoever has it.');
}

function tracesFinding({ otlpEndpoint }: Pick<Config, 'otlpEndpoint'>): Finding {
  if (hasTracerProvider()) return ok('traces', 'An OpenTelemetry SDK is loaded.');
  if (otlpEndpoint === undefined) return ok('traces', 'None are asked for.');
  return warn('traces', 'OTEL_EXPORTER_OTLP_ENDPOINT is set, and no OpenTelemetry SDK is loaded here.', PRELOAD);
}
