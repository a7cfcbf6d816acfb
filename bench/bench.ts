import type { ObservedProcess } from './observed-process.ts';
import type { Size } from './scale/size.ts';
import type { ServicePlan } from './service.ts';
import type { World } from './world.ts';

export interface Server {
  readonly port: number;
  readonly process: ObservedProcess;
}

/** What every measurement has at hand. */
export interface Bench {
  readonly plan: ServicePlan;
  readonly databaseUrl: string;
  /** The service, with people in it. */
  readonly service: Server;
  /** Bare routes beside it. */
  readonly bare: Server;
  readonly world: World;
  /** A database with many people in it, or how many to make. */
  readonly town: string | Size;
  readonly rounds: number;
  /** How long one run of one round lasts. */
  readonly seconds: number;
}

/** A figure and what it must be. `must` and `aim` are least or most values, as `direction` says. */
export interface Figure {
  readonly goal: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly direction: 'at least' | 'at most';
  readonly must: number;
  readonly aim: number;
  /** What it was made of: medians over the rounds. */
  readonly beside: Readonly<Record<string, number>>;
}

export interface Measurement {
  readonly goals: readonly string[];
  run(bench: Bench): Promise<readonly Figure[]>;
}
