/** Keyset: what comes after the id `after`, newest first. */
export interface PageRequest<Id extends string> {
  readonly after: Id | undefined;
  /** 1–100. */
  readonly limit: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
}
