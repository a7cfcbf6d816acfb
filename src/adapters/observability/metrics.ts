import { Lately } from './lately.ts';
import type { MetricSources } from './metric-sources.ts';
import { OutcomeTally } from './outcome-tally.ts';
import { RequestTally } from './request-tally.ts';

/** Often enough for a graph, and no more often however many ask. What answers has a deadline of a second itself. */
const ASKED = { goodForMs: 5_000, deadlineMs: 1_500 };

/**
 * Counts from the start, in plain numbers. What turns them into a page is loaded when the first page is asked for: a
 * process that nobody scrapes never has it.
 */
export class Metrics {
  readonly outcomes = new OutcomeTally();
  readonly #requests = new RequestTally();
  readonly #refusals = new Map<string, number>();
  readonly #sources: MetricSources;
  #registry: ReturnType<typeof registryOf> | undefined;

  constructor(world: Omit<MetricSources, 'requests' | 'refusals' | 'outcomes'>) {
    const backlog = new Lately(world.backlog, ASKED);
    const dependencies = new Lately(world.dependencies, ASKED);
    this.#sources = {
      ...world,
      requests: this.#requests,
      refusals: this.#refusals,
      outcomes: this.outcomes,
      backlog: () => backlog.get(),
      dependencies: () => dependencies.get(),
    };
  }

  answered(route: string, method: string, status: number, seconds: number): void {
    this.#requests.answered(route, method, status, seconds);
  }

  refused(code: string): void {
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
  }

  /** Everything, in the text format of Prometheus. */
  async page(): Promise<{ readonly contentType: string; readonly text: string }> {
    this.#registry ??= registryOf(this.#sources);
    const registry = await this.#registry;
    return { contentType: registry.contentType, text: await registry.metrics() };
  }
}

async function registryOf(sources: MetricSources) {
  const { openRegistry } = await import('./prometheus/open-registry.ts');
  return openRegistry(sources);
}
