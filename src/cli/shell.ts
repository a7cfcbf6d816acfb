import { once } from 'node:events';

/** What a command leaves its caller with. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Where a command runs. */
export interface Shell {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Somebody is looking. */
  readonly terminal: boolean;
  /** Somebody is looking at what goes to `error`, even where the output goes elsewhere. */
  readonly watched?: boolean;
  /** Resolves once there is room for more output. Rejects when nobody takes it any more. */
  readonly drained?: () => Promise<void>;
  /** The process's own unless given. */
  readonly environment?: NodeJS.ProcessEnv;
}

export const PROCESS: Shell = {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  terminal: process.stdout.isTTY === true,
  watched: process.stderr.isTTY === true,
  drained,
};

async function drained(): Promise<void> {
  const { stdout } = process;
  if (stdout.errored) throw stdout.errored;
  if (stdout.writableNeedDrain) await once(stdout, 'drain');
}
