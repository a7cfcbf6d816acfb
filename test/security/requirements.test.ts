import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { document } from './document.ts';
import { namedTests } from './named-tests.ts';
import { SECTIONS } from './requirements.ts';
import { ROOT, textOf } from './source-files.ts';

const requirements = SECTIONS.flatMap((section) => section.requirements);
const testsIn = new Map<string, ReadonlySet<string>>();

/** Parsed once, however many requirements name it. */
function testsOf(file: string): ReadonlySet<string> {
  const path = `test/${file}`;
  const known = testsIn.get(path) ?? (existsSync(join(ROOT, path)) ? namedTests(textOf(path)) : new Set<string>());
  testsIn.set(path, known);
  return known;
}

describe('the security requirements', () => {
  it('are numbered from 1 to 112, each once, after the rows of the policy', () => {
    const numbers = requirements.map(({ id }) => id).filter((id) => /^\d+$/.test(id));
    expect(numbers).toEqual(Array.from({ length: 112 }, (_, index) => String(index + 1)));
    expect(new Set(requirements.map(({ id }) => id)).size).toBe(requirements.length);
  });

  it('each have a test', () => {
    const bare = requirements.filter(({ provenBy }) => provenBy.length === 0);
    expect(bare.map(({ id }) => id)).toEqual([]);
  });

  it('name tests that are there', () => {
    const missing = requirements.flatMap(({ id, provenBy }) =>
      provenBy.filter(({ file, test }) => !testsOf(file).has(test)).map(({ file, test }) => `${id}: ${file}: ${test}`),
    );
    expect(missing).toEqual([]);
  });

  it('are told as they are in docs/security-requirements.md (npm run docs:security)', () => {
    expect(textOf('docs/security-requirements.md')).toBe(document(SECTIONS));
  });
});

describe('the look for tests', () => {
  it('finds tables and templates as they are written, and nothing that is skipped or is no test', () => {
    const program = `
      describe('a group', () => {
        it('plain', () => {});
        it.each<[string]>([['a']])('table %s', () => {});
        it.skipIf(here)('sometimes', () => {});
        it(\`template \${name}\`, () => {});
        it.skip('skipped', () => {});
        it.skip.each([1])('skipped %s', () => {});
        it.todo('still to come');
        expect('no test');
      });`;
    expect([...namedTests(program)]).toEqual(['plain', 'table %s', 'sometimes', `template \${name}`]);
  });
});
