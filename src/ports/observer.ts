/** Looks on while use cases run. */
export interface Observer {
  /**
   * Runs `work` once, and settles as it settles. `useCase` is `group.name`. Nothing may be kept of what `work` answers
   * but its `kind`, nor of what it throws but the code of an `IamError`: these are words of the code, and everything
   * else may be a secret. MUST NOT throw by itself.
   */
  during<T>(useCase: string, work: () => Promise<T>): Promise<T>;
}
