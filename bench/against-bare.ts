import type { Bench, Server } from './bench.ts';
import { inTurn, saturate, warmUp } from './load.ts';
import { interleaved, medianOf } from './rounds.ts';

const CONNECTIONS = 16;
const WARM_UP_REQUESTS = 10_000;

export interface Comparison {
  /** The service's rate over the bare route's. */
  readonly ratio: number;
  readonly extraCpuMicros: number;
  readonly statements: number;
  readonly beside: Readonly<Record<string, number>>;
}

/** Requests that the service answers, beside requests that a bare route answers, in turns. */
export async function againstBare(
  { service, bare, rounds, seconds }: Bench,
  requests: { readonly service: readonly string[]; readonly bare: readonly string[] },
): Promise<Comparison> {
  const measured = async (server: Server, texts: readonly string[]) => {
    const { result, observed } = await server.process.during(() =>
      saturate(server.port, { connections: CONNECTIONS, seconds }, inTurn(texts)),
    );
    return {
      perSecond: result.perSecond,
      p99Ms: result.p99Ms,
      cpuMicros: observed.cpuMicros / result.requests,
      statements: observed.statements / result.requests,
    };
  };
  const unmeasured = { connections: CONNECTIONS, requests: WARM_UP_REQUESTS };
  await warmUp(bare.port, unmeasured, inTurn(requests.bare));
  await warmUp(service.port, unmeasured, inTurn(requests.service));
  const runs = await interleaved(rounds, async () => ({
    limit: await measured(bare, requests.bare),
    figure: await measured(service, requests.service),
  }));
  return {
    ratio: medianOf(runs, ({ limit, figure }) => figure.perSecond / limit.perSecond),
    extraCpuMicros: medianOf(runs, ({ limit, figure }) => figure.cpuMicros - limit.cpuMicros),
    statements: medianOf(runs, ({ figure }) => figure.statements),
    beside: {
      'requests/s': medianOf(runs, ({ figure }) => figure.perSecond),
      'bare requests/s': medianOf(runs, ({ limit }) => limit.perSecond),
      'CPU µs': medianOf(runs, ({ figure }) => figure.cpuMicros),
      'bare CPU µs': medianOf(runs, ({ limit }) => limit.cpuMicros),
      'CPU ratio': medianOf(runs, ({ limit, figure }) => limit.cpuMicros / figure.cpuMicros),
      statements: medianOf(runs, ({ figure }) => figure.statements),
      'p99 ms': medianOf(runs, ({ figure }) => figure.p99Ms),
    },
  };
}
