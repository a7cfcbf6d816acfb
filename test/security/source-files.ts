import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync } from '@swc/core';

export const ROOT: string = join(import.meta.dirname, '../..');

type Fields = Readonly<Record<string, unknown>>;
/** A node of the syntax tree, whatever it is. */
export type SyntaxNode = Fields & { readonly type: string };

/** The text of a file, by its path from the root of the repository. */
export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** Every node of the program, in the order of its text. */
export function nodesOf(program: string): readonly SyntaxNode[] {
  return [...nodesIn(parseSync(program, { syntax: 'typescript', target: 'es2022' }))];
}

function* nodesIn(value: unknown): Generator<SyntaxNode> {
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value)) yield value;
  for (const part of Object.values(value)) yield* nodesIn(part);
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** Every source file of the service, from the root of the repository. */
export function sourceFiles(): readonly string[] {
  const entries = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.c?ts$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .sort();
}
