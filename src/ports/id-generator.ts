/** UUID v7 (RFC 9562 §5.7). Ids made later in one process MUST sort later. */
export interface IdGenerator {
  next<Id extends string>(): Id;
}
