import type { Proof, Requirement, Section } from './requirement.ts';

/** The table, as a page for people. */
export function document(sections: readonly Section[]): string {
  return `# Security requirements

What the service promises, where each promise comes from, and the test that proves it. \`npm run docs:security\` makes this
page from \`test/security/requirements\`; a promise without a test, and a test that is not there, fail the build.

${sections.map(section).join('\n')}`;
}

function section({ title, requirements }: Section): string {
  return `## ${title}

| | Requirement | Source | Proven by |
|---|---|---|---|
${requirements.map(row).join('\n')}
`;
}

function row({ id, text, source, provenBy }: Requirement): string {
  const proofs = [...byFile(provenBy)].map(([file, tests]) => `[${file}](../test/${file}): ${tests.join('; ')}`);
  const cells = [id, text, source, proofs.join('<br>')];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function byFile(proofs: readonly Proof[]): ReadonlyMap<string, readonly string[]> {
  const files = new Map<string, readonly string[]>();
  for (const { file, test } of proofs) files.set(file, [...(files.get(file) ?? []), `“${test}”`]);
  return files;
}
