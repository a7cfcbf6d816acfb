/** What the thread of the database is told at its start. */
export interface WorkerStart {
  readonly dataFolder: string;
  readonly socket: string;
  /** A migrated database to begin with, where there is none yet. */
  readonly snapshot: string | undefined;
}

/** `ready` comes from the thread, `close` goes to it. */
export type WorkerMessage = 'ready' | 'close';
