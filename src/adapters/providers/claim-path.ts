/** What stands at a dotted path of a JSON answer. Members of the answer alone: nothing that objects inherit. */
export function claimAt(answer: unknown, path: string | undefined): unknown {
  if (path === undefined) return undefined;
  let found = answer;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}
