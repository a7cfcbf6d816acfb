/** Removes at most `limit` rows, and answers how many. */
export type Sweep = (now: Date, limit: number) => Promise<number>;
