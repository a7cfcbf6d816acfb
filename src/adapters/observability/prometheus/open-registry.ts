import { collectDefaultMetrics, Registry } from 'prom-client';
import type { MetricSources } from '../metric-sources.ts';
import { viewed } from './view.ts';
import { views } from './views.ts';

/** Gauges with the name of a counter; what they say is in `nodejs_active_resources` too. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** A registry of our own, with what every Node process has to tell. */
export function openRegistry(sources: MetricSources): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  for (const name of MISNAMED) register.removeSingleMetric(name);
  for (const view of views(sources)) register.registerMetric(viewed(view));
  return register;
}
