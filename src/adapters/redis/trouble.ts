/** Told what is wrong, for the operator. */
export type OnTrouble = (error: unknown) => void;

/** A server that is gone fails every request: saying so this often is enough. */
const EVERY_MS = 10_000;

export function nowAndThen(tell: OnTrouble): OnTrouble {
  let toldAt = Number.NEGATIVE_INFINITY;
  return (error) => {
    const now = performance.now();
    if (now - toldAt < EVERY_MS) return;
    toldAt = now;
    tell(error);
  };
}
