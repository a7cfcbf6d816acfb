import { IamError } from '../../domain/errors.ts';
import type { Readiness } from '../../ports/readiness.ts';
import { Lately } from '../observability/lately.ts';

/** Balancers ask no more often, and a flood comes to one question a second. What answers has a deadline of a second itself. */
const ASKED = { goodForMs: 1_000, deadlineMs: 1_500 };

/** All that the service needs, as it was a moment ago, for anybody who wants to know. */
export function readinessOf(needs: readonly Readiness[]): Readiness {
  const lately = new Lately(async () => {
    const checks = await Promise.all(needs.map((need) => need.check()));
    return Object.fromEntries(checks.flatMap((states) => Object.entries(states)));
  }, ASKED);
  return {
    async check() {
      const states = await lately.get();
      if (states === undefined) throw new IamError('unavailable', { retryAfterSeconds: 1 });
      return states;
    },
  };
}
