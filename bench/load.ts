import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from './connection.ts';
import { percentile } from './statistics.ts';

/** Whatever else happens, a run ends here. */
const MOST_REQUESTS = 300_000;
const LONGEST_WARM_UP_SECONDS = 20;

/** One request of a run, and what to make of its answer. */
export interface Exchange {
  readonly request: string;
  readonly answered?: (body: string) => void;
}

/** One text after the other, and again from the first. */
export function inTurn(texts: readonly string[]): () => Exchange {
  let turn = 0;
  return () => {
    turn += 1;
    return { request: texts[turn % texts.length] ?? '' };
  };
}

export interface Load {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Every connection asks again as soon as it has its answer, until the time is over or enough was asked. */
export function saturate(
  port: number,
  {
    connections,
    seconds,
    requests = MOST_REQUESTS,
  }: { readonly connections: number; readonly seconds: number; readonly requests?: number },
  next: (connection: number) => Exchange,
): Promise<Load> {
  let started = 0;
  return withConnections(port, connections, async (connection, number, timings, startedAt) => {
    const deadline = startedAt + seconds * 1000;
    while (performance.now() < deadline && started < requests) {
      started += 1;
      const { request, answered } = next(number);
      const sentAt = performance.now();
      const body = await connection.send(request);
      timings.push(performance.now() - sentAt);
      answered?.(body);
    }
  });
}

/** Requests that are not counted: until then the compiler spends more than what it compiles. */
export async function warmUp(
  port: number,
  { connections, requests }: { readonly connections: number; readonly requests: number },
  next: (connection: number) => Exchange,
): Promise<void> {
  await saturate(port, { connections, requests, seconds: LONGEST_WARM_UP_SECONDS }, next);
}

/**
 * A fixed rate, whatever the answers take. A request that could not be sent in time, because its connection still
 * waited for the answer before it, has waited since its time came.
 */
export function paced(
  port: number,
  {
    connections,
    seconds,
    perSecond,
  }: { readonly connections: number; readonly seconds: number; readonly perSecond: number },
  next: (connection: number) => Exchange,
): Promise<Load> {
  return withConnections(port, connections, async (connection, number, timings, startedAt) => {
    for (let turn = number; turn < seconds * perSecond; turn += connections) {
      const due = startedAt + (turn / perSecond) * 1000;
      const early = due - performance.now();
      if (early > 0) await pause(early);
      const sentAt = early > 0 ? performance.now() : due;
      const { request, answered } = next(number);
      const body = await connection.send(request);
      timings.push(performance.now() - sentAt);
      answered?.(body);
    }
  });
}

async function withConnections(
  port: number,
  count: number,
  run: (connection: Connection, number: number, timings: number[], startedAt: number) => Promise<void>,
): Promise<Load> {
  const connections = await Promise.all(Array.from({ length: count }, () => Connection.open(port)));
  const timings: number[] = [];
  const startedAt = performance.now();
  try {
    await Promise.all(connections.map((connection, number) => run(connection, number, timings, startedAt)));
  } finally {
    for (const connection of connections) connection.close();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    requests: timings.length,
    perSecond: timings.length / seconds,
    p50Ms: percentile(timings, 50),
    p99Ms: percentile(timings, 99),
  };
}
