/** Control characters of both sets, and those that turn the direction of what follows. */
const STEERING = /[\p{Cc}\p{Bidi_Control}]/gu;

/** Lines for a terminal, which nothing that is stored steers. */
export function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${printable(line)}\n`).join('');
}

/** The same in one line of JSON, where nothing is lost. */
export function jsonOf(value: object): string {
  return JSON.stringify(value).replaceAll(STEERING, (letter) => {
    return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function printable(text: string): string {
  return text.replaceAll(STEERING, '\ufffd');
}

/** Columns, each as wide as the widest of its cells. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
