import type { Dialect } from '../../../src/domain/events.ts';

export interface Account {
  readonly userId: string;
  readonly projectId: string;
  readonly email: string;
  readonly dialect: Dialect;
}

export interface Session {
  readonly id: string;
  readonly dialect: Dialect;
  readonly refreshToken: string;
}

export interface Role {
  readonly id: string;
  readonly permissions: readonly string[];
}

/** A role of somebody. */
export interface Holding {
  readonly userId: string;
  readonly roleId: string;
  readonly held: boolean;
}

/**
 * What the service has acknowledged, and nothing else: what is about to change is taken out before the request, and
 * comes back with the answer. What got no answer, or 503, may have happened or not, and is not in here.
 */
export class Ledger {
  readonly accounts = new Map<string, Account>();
  readonly living = new Map<string, Session>();
  readonly ended = new Map<string, Session>();
  readonly roles = new Map<string, Role>();
  readonly holdings = new Map<string, Holding>();

  get size(): number {
    return this.accounts.size + this.living.size + this.ended.size + this.roles.size + this.holdings.size;
  }
}
