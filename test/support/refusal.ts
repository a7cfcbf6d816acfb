/** What the attempt throws; fails when it throws nothing. */
export function refusalOf(attempt: () => unknown): unknown {
  try {
    attempt();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was refused');
}
