/** What has been gone through so far, of what there is: to show somebody who waits. */
export interface FenceProgress {
  readonly done: number;
  readonly of: number;
}

/**
 * Stands between a database that was brought back from a backup and everything that has happened since the backup was
 * made: what was spent, ended or withdrawn then may be alive again, and nothing says which.
 */
export interface RestoreFence {
  /**
   * Ends every session, and voids every one-time token, link of an invitation, sign-in challenge, state of a provider,
   * recovery code and pending ownership transfer; takes no code of an authenticator app up to the time step after
   * `now`; makes every role newer than it can ever have been, so that nothing remembered of it is taken for it, and
   * numbers no event, of a subject that the backup does not know either, with a number that a receiver may have had. A
   * session that awaits a record (rule `awaitsRecord`) is expired, not removed. MUST be safe to break off and to
   * repeat.
   */
  raise(now: Date): AsyncIterable<FenceProgress>;
}
