/** A state as its table keeps it. */
export type Stored<State> = State & { readonly version: number };

export function stateOf<Row extends Stored<object>>(row: Row): Omit<Row, 'version'> {
  const { version: _, ...state } = row;
  return state;
}

export function stateIfAny<Row extends Stored<object>>(row: Row | undefined): Omit<Row, 'version'> | undefined {
  return row && stateOf(row);
}
