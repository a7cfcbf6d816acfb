/** What a command leaves its caller with. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Where a command runs. */
export interface Shell {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Somebody is looking. */
  readonly terminal: boolean;
  /** The process's own unless given. */
  readonly environment?: NodeJS.ProcessEnv;
}

export const PROCESS: Shell = {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
  terminal: process.stdout.isTTY === true,
};
