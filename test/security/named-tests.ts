import { isNode, nodesOf, type SyntaxNode } from './source-files.ts';

/**
 * The names of the tests in the text of a file, as they are written: a table's `%s` and `$name` stay, and so do the
 * substitutions of a template. A test that is skipped or still to be written is none.
 */
export function namedTests(program: string): ReadonlySet<string> {
  const calls = nodesOf(program).filter((node) => node.type === 'CallExpression' && isTest(node.callee));
  return new Set(calls.flatMap(({ arguments: given }) => titleIn(given) ?? []));
}

/** `it(…)`, `it.each(…)(…)`, `it.skipIf(…)(…)`. */
function isTest(callee: unknown): boolean {
  if (!isNode(callee)) return false;
  if (callee.type === 'Identifier') return callee.value === 'it';
  if (callee.type === 'CallExpression') return isTest(callee.callee);
  if (callee.type !== 'MemberExpression' || !isNode(callee.property)) return false;
  return !['skip', 'todo'].includes(String(callee.property.value)) && isTest(callee.object);
}

function titleIn(given: unknown): string | undefined {
  const title: unknown = Array.isArray(given) ? given[0]?.expression : undefined;
  if (!isNode(title)) return undefined;
  if (title.type === 'StringLiteral') return String(title.value);
  return title.type === 'TemplateLiteral' ? wordsOf(title) : undefined;
}

function wordsOf({ quasis, expressions }: SyntaxNode): string {
  const texts = (quasis as readonly { readonly cooked: string }[]).map(({ cooked }) => cooked);
  const names = (expressions as readonly SyntaxNode[]).map(({ value }) => `\${${String(value)}}`);
  return texts.map((text, index) => text + (names[index] ?? '')).join('');
}
