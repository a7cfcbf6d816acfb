import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 10;

/** How long from now on it was not so yet: milliseconds until the last look that said so was begun. */
export async function seen(isSo: () => Promise<boolean>, withinMs: number): Promise<number> {
  const since = performance.now();
  let last = 0;
  for (;;) {
    const begun = performance.now() - since;
    if (await isSo()) return Math.round(last);
    if (begun > withinMs) throw new Error(`not seen ${Math.round(begun)} ms later`);
    last = begun;
    await pause(LOOK_EVERY_MS);
  }
}
