/** The nearest rank. */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The area under the ROC curve: how often one of `values` is above one of `others`, a tie counting half (Mann–Whitney). */
export function areaUnderCurve(values: readonly number[], others: readonly number[]): number {
  const above = (value: number) =>
    others.reduce((sum, other) => sum + (value > other ? 1 : value === other ? 0.5 : 0), 0);
  return values.reduce((sum, value) => sum + above(value), 0) / (values.length * others.length);
}
