import type { Metric } from 'prom-client';

export interface Sample {
  readonly value: number;
  readonly labels?: Readonly<Record<string, string | number>>;
  /** Where it is not the metric's own: the parts of a histogram. */
  readonly metricName?: string;
}

export interface View {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly samples: () => Iterable<Sample> | Promise<Iterable<Sample>>;
}

/**
 * A metric that keeps nothing itself: it looks at what is counted elsewhere whenever it is shown. `get` is all that a
 * registry asks of a metric.
 */
export function viewed({ samples, ...described }: View): Metric {
  const get = async () => ({ ...described, values: [...(await samples())] });
  return { ...described, get } as unknown as Metric;
}
