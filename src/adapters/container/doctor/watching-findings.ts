import type { Config } from '../../config/config.ts';
import { hasTracerProvider } from '../../observability/tracer-provider.ts';
import { PRELOAD } from '../watching.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Who may see how the service is, and who follows its calls. */
export function watchingFindings(
  config: Pick<Config, 'publicUrl' | 'metricsToken' | 'otlpEndpoint'>,
): readonly Finding[] {
  return [metricsFinding(config), tracesFinding(config)];
}

function metricsFinding({ publicUrl, metricsToken }: Pick<Config, 'publicUrl' | 'metricsToken'>): Finding {
  if (metricsToken !== undefined) return ok('metrics', 'GET /metrics is for whoever has METRICS_TOKEN.');
  if (publicUrl.startsWith('https:')) {
    return warn(
      'metrics',
      'PUBLIC_URL is https, so something stands before the service: unless it says whom it comes for, as with X-Forwarded-For, it is taken for a neighbour, and whoever likes reads GET /metrics through it.',
      'Set METRICS_TOKEN, or let no request for /metrics pass there.',
    );
  }
  return ok('metrics', 'GET /metrics is for this machine and its private network.');
}

function tracesFinding({ otlpEndpoint }: Pick<Config, 'otlpEndpoint'>): Finding {
  if (hasTracerProvider()) return ok('traces', 'An OpenTelemetry SDK is loaded.');
  if (otlpEndpoint === undefined) return ok('traces', 'None are asked for.');
  return warn('traces', 'OTEL_EXPORTER_OTLP_ENDPOINT is set, and no OpenTelemetry SDK is loaded here.', PRELOAD);
}
