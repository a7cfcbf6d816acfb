/** As a line names it: nothing of a line is known to be true. */
export interface ChainName {
  readonly projectId: string;
  readonly tenantId: string | null;
}

/** What is wrong with a chain, and at which of its seals. */
export type ChainFault =
  /** Not what it was when it was sealed. */
  | { readonly kind: 'record-edited'; readonly seal: number; readonly id: string }
  /** Under the seal, and not here. */
  | { readonly kind: 'record-removed'; readonly seal: number; readonly id: string }
  /** Here, and under no seal. */
  | { readonly kind: 'record-inserted'; readonly seal: number; readonly id: string }
  /** Under the seal, and the service did not write it, or not like this. */
  | { readonly kind: 'record-foreign'; readonly seal: number; readonly id: string }
  /** Not what its hash says. */
  | { readonly kind: 'seal-edited'; readonly seal: number }
  /** The service did not make it. */
  | { readonly kind: 'seal-foreign'; readonly seal: number }
  /** This one and those up to `until`. */
  | { readonly kind: 'seals-removed'; readonly seal: number; readonly until: number }
  /** It does not follow what comes before it, or stands where no chain begins. */
  | { readonly kind: 'chain-broken'; readonly seal: number }
  /** The chain was another one when a checkpoint was made of this seal. */
  | { readonly kind: 'chain-rewritten'; readonly seal: number }
  /** A checkpoint was made of it, and it is not here. */
  | { readonly kind: 'end-removed'; readonly seal: number }
  /** No checkpoint says that the chain ends here: the service makes none of a seal that it did not make. */
  | { readonly kind: 'end-unsigned'; readonly seal: number };

/** What is wrong with an exported trail. */
export type AuditFault =
  | (ChainFault & ChainName)
  /** None of the project's keys signed it. */
  | { readonly kind: 'checkpoint-forged'; readonly source: 'export' | 'earlier'; readonly line: number }
  | { readonly kind: 'unreadable'; readonly line: number };
