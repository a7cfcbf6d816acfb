/** Whether a dependency answers, within a deadline. */
export interface Readiness {
  check(): Promise<Readonly<Record<string, 'ok' | 'failing'>>>;
}
