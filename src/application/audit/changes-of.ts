/** For a record: only what was asked to change, as it was and as it is. */
export function changesOf<Change extends object>(
  change: Change,
  before: Change,
  after: Change,
): { readonly before: Readonly<Record<string, unknown>>; readonly after: Readonly<Record<string, unknown>> } {
  const names = (Object.keys(change) as (keyof Change & string)[]).filter((name) => change[name] !== undefined);
  const shown = (state: Change) => Object.fromEntries(names.map((name) => [name, state[name]]));
  return { before: shown(before), after: shown(after) };
}
