import { type Finding, fail, ok, warn } from './finding.ts';

/** More than a busy machine explains. */
const NOTICEABLE_MS = 1_000;
/** A step of an authenticator app (RFC 6238 §5.2): codes and tokens of one machine are wrong on the other. */
const HARMFUL_MS = 30_000;

/** How far another clock is ahead of the one here. */
export function clockFinding(check: string, whose: string, aheadMs: number): Finding {
  const apart = Math.abs(aheadMs);
  const message = `The clock of ${whose} is ${apart} ms ${aheadMs < 0 ? 'behind' : 'ahead of'} the one here.`;
  if (apart < NOTICEABLE_MS) return ok(check, message);
  const advice = 'Let NTP keep the clocks of all machines.';
  return apart < HARMFUL_MS ? warn(check, message, advice) : fail(check, message, advice);
}
