import { loggerInto } from '../../../src/adapters/container/logger.ts';
import { observerOf, openWatching } from '../../../src/adapters/container/watching.ts';
import { Metrics } from '../../../src/adapters/observability/metrics.ts';
import { type Given, PUBLIC_URL, type V1World } from '../../http/v1-world.ts';
import { aQuickWorld } from '../../isolation/quick-world.ts';
import { QUIET } from '../../observability/a-watched-service.ts';
import { anSdk } from '../../observability/an-sdk.ts';
import type { Canaries } from './canaries.ts';

export interface WatchedWorld {
  readonly world: V1World;
  /** Everything that was told of what happened so far, by where it was told. */
  told(): Promise<Readonly<Record<'log' | 'metrics' | 'spans' | 'records' | 'events', readonly string[]>>>;
  [Symbol.dispose](): void;
}

/** The whole of v1 and the Gate, in memory, watched in every way; what only one may know of all that passes is noted. */
export async function aWatchedWorld(canaries: Canaries, given: Given): Promise<WatchedWorld> {
  const sdk = anSdk();
  const { tracing, logContext, belonging } = await openWatching({ publicUrl: PUBLIC_URL });
  const metrics = new Metrics(QUIET);
  const log: string[] = [];
  const events: string[] = [];
  const logger = loggerInto({ write: (line) => void log.push(line) }, 'trace', belonging);
  const world = await aQuickWorld({
    ...given,
    observer: observerOf(metrics.outcomes, tracing),
    http: { logger, metrics, tracing, inLog: (fields, work) => logContext.run(fields, work) },
    ports: (memory) => {
      const claimed = memory.outboxFeed.claim.bind(memory.outboxFeed);
      const claim: typeof claimed = async (...asked) => {
        const messages = await claimed(...asked);
        for (const { event } of messages) events.push(JSON.stringify(event));
        return messages;
      };
      return { ...given.ports?.(memory), outboxFeed: Object.assign(memory.outboxFeed, { claim }) };
    },
  });
  notePassing(world, canaries);
  return {
    world,
    async told() {
      await world.mailsTo('');
      await new Promise((resolve) => setImmediate(resolve));
      canaries.in(world.ports.notifier.messages);
      return {
        log,
        metrics: (await metrics.page()).text.split('\n').map((line) => line.replace(/ [\d.e+-]+$/, '')),
        spans: sdk.spans().map(({ name, attributes, events, status, links }) => {
          return JSON.stringify([name, attributes, events, status, links.length]);
        }),
        records: world.ports.store.auditRecords().map((record) => JSON.stringify(record)),
        events,
      };
    },
    [Symbol.dispose]: () => sdk[Symbol.dispose](),
  };
}

/** Looks into every request and every answer. */
function notePassing({ app }: V1World, canaries: Canaries): void {
  const request = app.request.bind(app);
  app.request = async (input, init, ...rest) => {
    canaries.in(init?.headers);
    canaries.in(parsed(init?.body));
    if (typeof input === 'string') canaries.in(Object.fromEntries(new URL(input, PUBLIC_URL).searchParams));
    const answer = await request(input, init, ...rest);
    canaries.in(parsed(await answer.clone().text()));
    canaries.in({ redirectUrl: answer.headers.get('Location') ?? '', cookie: answer.headers.get('Set-Cookie') ?? '' });
    return answer;
  };
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return Object.fromEntries(new URLSearchParams(text));
  }
}
