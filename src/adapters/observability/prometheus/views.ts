import type { Queue } from '../../../ports/backlog.ts';
import type { MetricSources } from '../metric-sources.ts';
import { BOUNDS, type TalliedRequests } from '../request-tally.ts';
import type { Sample, View } from './view.ts';

/** Every metric of our own. A label is a word of the code or the pattern of a route: never an id, an address, a path. */
export function views(sources: MetricSources): readonly View[] {
  return [
    {
      name: 'castellan_build_info',
      type: 'gauge',
      help: 'Always 1; the version is in the label.',
      samples: () => [{ value: 1, labels: { version: sources.version() } }],
    },
    ...requestViews(sources),
    ...hashGateViews(sources),
    ...backlogViews(sources),
    ...poolViews(sources),
    {
      name: 'castellan_dependency_up',
      type: 'gauge',
      help: 'Whether what the service needs answers: 1 or 0, as GET /readyz sees it.',
      samples: async () =>
        Object.entries((await sources.dependencies()) ?? {}).map(([dependency, state]) => ({
          value: state === 'ok' ? 1 : 0,
          labels: { dependency },
        })),
    },
  ];
}

const DURATION = 'castellan_http_request_duration_seconds';

function requestViews({ requests, refusals, outcomes }: MetricSources): readonly View[] {
  return [
    {
      name: DURATION,
      type: 'histogram',
      help: 'Requests, and the time until their answers were on the way.',
      samples: () => [...requests.tallied()].flatMap(histogram),
    },
    {
      name: 'castellan_http_refusals_total',
      type: 'counter',
      help: 'Requests that were refused, by the code of the refusal.',
      samples: () => [...refusals].map(([code, value]) => ({ value, labels: { code } })),
    },
    {
      name: 'castellan_use_cases_total',
      type: 'counter',
      help: 'What came of every use case: done, what kind of answer, or the code of the refusal.',
      samples: () =>
        [...outcomes.tallied()].map(({ useCase, outcome, count }) => ({
          value: count,
          labels: { use_case: useCase, outcome },
        })),
    },
  ];
}

function histogram({ durations: { counts, count, seconds }, ...labels }: TalliedRequests): readonly Sample[] {
  let upTo = 0;
  const buckets = BOUNDS.map((le, index) => {
    upTo += counts[index] ?? 0;
    return { value: upTo, labels: { ...labels, le }, metricName: `${DURATION}_bucket` };
  });
  return [
    ...buckets,
    { value: count, labels: { ...labels, le: '+Inf' }, metricName: `${DURATION}_bucket` },
    { value: seconds, labels, metricName: `${DURATION}_sum` },
    { value: count, labels, metricName: `${DURATION}_count` },
  ];
}

function hashGateViews({ hashGate }: MetricSources): readonly View[] {
  const shown = (name: string, type: View['type'], help: string, part: keyof ReturnType<typeof hashGate>): View => ({
    name: `castellan_hash_gate_${name}`,
    type,
    help,
    samples: () => [{ value: hashGate()[part] }],
  });
  return [
    shown('running', 'gauge', 'Password hashes that are being made.', 'running'),
    shown('waiting', 'gauge', 'Password hashes that wait for their turn.', 'waiting'),
    shown('waits_total', 'counter', 'Password hashes that had to wait.', 'waited'),
    shown('wait_seconds_total', 'counter', 'How long they waited altogether.', 'waitedSeconds'),
    shown('refused_total', 'counter', 'Password hashes that found the queue full, or waited too long.', 'refused'),
  ];
}

function backlogViews({ backlog, now }: MetricSources): readonly View[] {
  const shown = (name: string, help: string, part: (queue: Queue) => number): View => ({
    name: `castellan_backlog_${name}`,
    type: 'gauge',
    help,
    samples: async () =>
      Object.entries((await backlog()) ?? {}).map(([queue, state]) => ({ value: part(state), labels: { queue } })),
  });
  const age = (oldest: Date | undefined) => (oldest === undefined ? 0 : Math.max(0, +now() - +oldest) / 1000);
  return [
    shown('waiting', 'What waits to be done in the background, of the whole installation.', (queue) => queue.waiting),
    shown('oldest_seconds', 'How long the one has waited that waits longest.', ({ oldest }) => age(oldest)),
    shown('buried', 'What was given up for good.', ({ buried }) => buried),
  ];
}

function poolViews({ pool }: MetricSources): readonly View[] {
  const shown = (name: string, help: string, part: keyof ReturnType<typeof pool>): View => ({
    name: `castellan_database_pool_${name}`,
    type: 'gauge',
    help,
    samples: () => [{ value: pool()[part] }],
  });
  return [
    shown('connections', 'Connections to the database that are open.', 'open'),
    shown('connections_idle', 'Connections that nobody uses.', 'idle'),
    shown('connections_most', 'How many may be open.', 'most'),
    shown('waiting', 'Statements that wait for a connection.', 'waiting'),
  ];
}
