import { defaultPolicy, type Policy } from '../../application/policy.ts';
import type { Config } from '../config/config.ts';

const LOCKS_BEFORE_CLOSING = 3;
/** NIST SP 800-63B-4 §3.2.2. */
const MOST_FAILURES_IN_A_ROW = 100;
const DAY_SECONDS = 86_400;

/** The policy of the service: the default one, with what the environment says of it. */
export function policyOf({
  recoveryMaxAttempts: limit,
  signingKeyDays,
  auditRetentionMonths,
  eventRetentionDays,
  allowedReturnUrls,
}: Pick<
  Config,
  'recoveryMaxAttempts' | 'signingKeyDays' | 'auditRetentionMonths' | 'eventRetentionDays' | 'allowedReturnUrls'
>): Policy {
  const { attempts } = defaultPolicy;
  const closesAfter = Math.min(LOCKS_BEFORE_CLOSING * limit, MOST_FAILURES_IN_A_ROW);
  const recovery = { ...attempts.recovery, limit, closesAfter };
  const signingKeySeconds = signingKeyDays * DAY_SECONDS;
  return {
    ...defaultPolicy,
    attempts: { ...attempts, recovery },
    signingKeySeconds,
    auditRetentionMonths,
    eventRetentionDays,
    allowedReturnUrls,
  };
}
