/**
 * Whatever is older than this has had its time when records are kept for so many months: whole months (UTC) go, so
 * that a record is kept for a month more at most.
 */
export function oldestKept(months: number, now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months));
}
