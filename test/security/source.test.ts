import { isSafe } from 'redos-detector';
import { describe, expect, it } from 'vitest';
import { isNode, nodesOf, type SyntaxNode, sourceFiles, textOf } from './source-files.ts';

const files = sourceFiles();
const nodes = files.flatMap((file) => nodesOf(textOf(file)).map((node) => ({ file, node })));

/** What a variable or a member is called. */
function nameOf(node: unknown): string {
  if (!isNode(node)) return '';
  if (node.type === 'MemberExpression') return nameOf(node.property);
  if (node.type === 'OptionalChainingExpression') return nameOf(node.base);
  return typeof node.value === 'string' && node.type !== 'StringLiteral' ? node.value : '';
}

describe('the source', () => {
  it('is looked at', () => {
    expect(files.length).toBeGreaterThan(200);
    expect(files).toContain('src/adapters/crypto/hmac-secret-issuer.ts');
  });

  const SECRET = /^(?:otp|secret|token|\w*(?:Password|Token|Secret|Otp)|password|mac|signature|digest|recoveryCode)$/;
  const isComparison = ({ type, operator }: SyntaxNode) =>
    type === 'BinaryExpression' && ['===', '!==', '==', '!='].includes(String(operator));
  const comparesASecret = (node: SyntaxNode) =>
    isComparison(node) &&
    [node.left, node.right].some((side) => SECRET.test(nameOf(side))) &&
    ![node.left, node.right].some((side) => ['undefined', 'null'].includes(nameOf(side)) || isNull(side));
  const isNull = (side: unknown) => isNode(side) && side.type === 'NullLiteral';

  it('compares no secret, MAC or digest with ===, only in constant time', () => {
    const found = nodes.filter(({ node }) => comparesASecret(node)).map(({ file }) => file);
    expect(found).toEqual([]);
    expect(nodes.some(({ node }) => nameOf(node) === 'timingSafeEqual')).toBe(true);
  });

  it.each(['digest === given', 'a.otp !== b', 'if (input.newPassword == x) y', 'mac === computed()'])(
    'would be caught at: %s',
    (program) => {
      expect(nodesOf(program).filter(comparesASecret)).toHaveLength(1);
    },
  );

  it('hands SQL no text of its own making but constants: everything else is a parameter', () => {
    const raw = nodes.filter(({ node }) => node.type === 'CallExpression' && nameOf(node.callee) === 'raw');
    const given = raw.map(({ node }) => wordsOf(argumentOf(node)));
    expect(given.filter((words) => !/^String\([A-Z_]+\)$/.test(words))).toEqual([]);
  });
});

function argumentOf(call: SyntaxNode): unknown {
  return Array.isArray(call.arguments) ? call.arguments[0]?.expression : undefined;
}

/** A name, or a call with one: enough to tell a constant from anything else. */
function wordsOf(node: unknown): string {
  if (!isNode(node)) return '';
  return node.type === 'CallExpression' ? `${nameOf(node.callee)}(${wordsOf(argumentOf(node))})` : nameOf(node);
}

describe('a regular expression of the source', () => {
  /** Quadratic at most, which the length of what they are given bounds. */
  const BOUNDED: Readonly<Record<string, string>> = {
    '\\/+$': 'the operator’s own PUBLIC_URL',
    '%.*$': 'a hop of a header of 16 KiB, or a setting of 64 characters',
    '(?:W\\/)?"[\\x21\\x23-\\x7e\\x80-\\xff]*"': 'a header of 16 KiB',
    '\\nparams:[\\s\\S]*$': 'the message of an error of ours',
  };
  const LONGEST = 16 * 1024;

  const expressions = nodes.flatMap(({ node }) =>
    node.type === 'RegExpLiteral' ? new RegExp(String(node.pattern), String(node.flags)) : [],
  );
  /** The detector knows `i` and `u`, not both at once. */
  const asDetected = ({ source, flags }: RegExp) =>
    new RegExp(source, flags.includes('u') ? flags.replace('i', '') : flags);

  it('cannot backtrack without bound', () => {
    expect(expressions.length).toBeGreaterThan(30);
    const unsafe = expressions.filter((expression) => !isSafe(asDetected(expression), { maxScore: 1_000 }).safe);
    expect([...new Set(unsafe.map(({ source }) => source))].sort()).toEqual(Object.keys(BOUNDED).sort());
  });

  it.each(Object.keys(BOUNDED))('comes to its end on the longest hostile input: %s', (source) => {
    const expression = new RegExp(source, 'g');
    for (const part of ['/', '%', '"', 'W/"', 'W/', '\nparams:', 'a']) {
      const hostile = `${part.repeat(LONGEST / part.length)}\n!`;
      expect(hostile.replace(expression, '').length).toBeLessThanOrEqual(hostile.length);
    }
  });

  it('would be caught if it backtracked without bound', () => {
    expect(isSafe(/^(a+)+$/, { maxScore: 1_000 }).safe).toBe(false);
  });
});
