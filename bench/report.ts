import type { Figure } from './bench.ts';

/** The figures as JSON for machines, and as a table for people. */
export function report(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.goal,
    figure.what,
    amount(figure.value, figure.unit),
    amount(figure.must, figure.unit),
    amount(figure.aim, figure.unit),
    verdict(figure),
    Object.entries(figure.beside)
      .map(([name, value]) => `${name} ${rounded(value)}`)
      .join(' · '),
  ]);
  const table = [['#', 'Figure', 'Measured', 'Must', 'Aim', '', 'Beside it'], ...rows];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return `${JSON.stringify(figures.map((figure) => ({ ...figure, verdict: verdict(figure) })))}\n\n${lines.join('\n')}\n`;
}

function verdict({ value, direction, must, aim }: Figure): 'aim met' | 'must met' | 'not met' {
  const reaches = (bound: number) => (direction === 'at least' ? value >= bound : value <= bound);
  if (reaches(aim)) return 'aim met';
  return reaches(must) ? 'must met' : 'not met';
}

function amount(value: number, unit: string): string {
  return `${rounded(value)} ${unit}`.trimEnd();
}

function rounded(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
