import type { ProjectId } from '../domain/project/project.ts';
import type { SealedSecret } from '../domain/session/sealed-secret.ts';

/**
 * Everything that lies sealed for longer than minutes. A line here is all that it takes to be sealed anew: nothing
 * compiles before it is said what a secret of the kind is bound to, and where each store keeps it.
 */
export const SEALED_KINDS = [
  'signing-key',
  'provider-secret',
  'totp-secret',
  'pending-totp-secret',
  'webhook-secret',
  'previous-webhook-secret',
] as const;
export type SealedKind = (typeof SEALED_KINDS)[number];

/** What a secret belongs to: of its kind there is one. */
export interface SecretPlace {
  readonly projectId: ProjectId;
  readonly id: string;
}

/** As it lies there. */
export interface KeptSecret extends SecretPlace {
  readonly sealed: SealedSecret;
}

export interface SealedStretch {
  readonly secrets: readonly KeptSecret[];
  /** The last place that was looked at; `undefined` when nothing comes after it. */
  readonly last: SecretPlace | undefined;
}

/** What is sealed in the store, whatever it is for. Many processes may walk through it at once, beside everybody else. */
export interface SealedSecrets {
  /** How many secrets of the kind lie under which key (`sealedUnder`). */
  count(kind: SealedKind): Promise<ReadonlyMap<string, number>>;
  /**
   * Secrets that lie under another key than `key`, at most `limit`, in the order of their places after `after`. Looks at
   * so many places only that nobody notices: there may be more where none was found.
   */
  notUnder(key: string, kind: SealedKind, after: SecretPlace | undefined, limit: number): Promise<SealedStretch>;
  /**
   * Puts another box in the place of each, provided that it lies there still. MUST NOT wait for anybody who is changing
   * it just now, and whoever read the old one MUST NOT be able to save what they made of it. Answers how many.
   */
  replace(
    kind: SealedKind,
    boxes: readonly { readonly kept: KeptSecret; readonly by: SealedSecret }[],
  ): Promise<number>;
}
