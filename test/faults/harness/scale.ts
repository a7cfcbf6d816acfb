/** Whether the published figures are wanted, which take their time, or as much as tells that nothing is broken. */
export const LONG = process.env.FAULTS === 'long';

/** As much as the run is for. */
export function scaled<T>({ short, long }: { readonly short: T; readonly long: T }): T {
  return LONG ? long : short;
}
