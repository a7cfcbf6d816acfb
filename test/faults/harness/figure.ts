/** What a case has measured, for whoever reads the output: one line each. */
export function figure(name: string, values: Readonly<Record<string, number | string>>): void {
  const text = Object.entries(values).map(([what, value]) => `${what} ${value}`);
  process.stdout.write(`  ${name}: ${text.join(', ')}\n`);
}
