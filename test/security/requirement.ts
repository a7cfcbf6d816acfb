/** A test, by its file below `test/` and its exact name. */
export interface Proof {
  readonly file: string;
  readonly test: string;
}

/** A promise, where it comes from, and what shows that it is kept. */
export interface Requirement {
  readonly id: string;
  readonly text: string;
  readonly source: string;
  readonly provenBy: readonly Proof[];
}

export interface Section {
  readonly title: string;
  readonly requirements: readonly Requirement[];
}

/** Tests of one file. */
export function tests(file: string, ...names: readonly string[]): readonly Proof[] {
  return names.map((test) => ({ file, test }));
}
