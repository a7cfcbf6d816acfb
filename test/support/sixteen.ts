/** Sixteen at once: what of them succeeded, and why the others did not. */
export async function sixteenAtOnce<T>(
  attempt: (index: number) => Promise<T>,
): Promise<{ readonly succeeded: readonly T[]; readonly refused: readonly unknown[] }> {
  const outcomes = await Promise.allSettled(Array.from({ length: 16 }, (_, index) => attempt(index)));
  return {
    succeeded: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
    refused: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])),
  };
}
