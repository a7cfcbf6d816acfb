/** Times are ISO 8601, UTC, with `Z`. */
export function moment(time: Date): string;
export function moment(time: Date | null): string | null;
export function moment(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}
