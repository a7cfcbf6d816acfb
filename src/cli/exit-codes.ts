/** What a command leaves its caller with. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Output {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}
