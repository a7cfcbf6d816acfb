/** In seconds. What takes longer than the last is counted all the same. */
export const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** How long answers of one kind took. */
export interface Durations {
  /** How many took at most each of the bounds, and more than the one before. */
  readonly counts: number[];
  count: number;
  seconds: number;
}

export interface TalliedRequests {
  readonly route: string;
  readonly method: string;
  /** `2xx` */
  readonly status: string;
  readonly durations: Durations;
}

type ByStatus = (Durations | undefined)[];

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * How often every route answered, and how fast: in plain numbers, so that a request pays next to nothing for it. As
 * large as the number of routes; what callers make up is not told apart.
 */
export class RequestTally {
  readonly #routes = new Map<string, Map<string, ByStatus>>();

  answered(route: string, method: string, status: number, seconds: number): void {
    const durations = this.#durationsOf(route, METHODS.has(method) ? method : 'other', Math.trunc(status / 100));
    durations.count += 1;
    durations.seconds += seconds;
    const bound = BOUNDS.findIndex((most) => seconds <= most);
    if (bound !== -1) durations.counts[bound] = (durations.counts[bound] ?? 0) + 1;
  }

  *tallied(): Generator<TalliedRequests> {
    for (const [route, methods] of this.#routes) {
      for (const [method, byStatus] of methods) {
        for (const [hundreds, durations] of byStatus.entries()) {
          if (durations !== undefined) yield { route, method, status: `${hundreds}xx`, durations };
        }
      }
    }
  }

  #durationsOf(route: string, method: string, hundreds: number): Durations {
    const methods = this.#routes.get(route) ?? new Map<string, ByStatus>();
    this.#routes.set(route, methods);
    const byStatus = methods.get(method) ?? [];
    methods.set(method, byStatus);
    byStatus[hundreds] ??= { counts: BOUNDS.map(() => 0), count: 0, seconds: 0 };
    return byStatus[hundreds];
  }
}
