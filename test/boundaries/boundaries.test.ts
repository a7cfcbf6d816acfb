import type { IViolation } from 'dependency-cruiser';
import { beforeAll, describe, expect, it } from 'vitest';
import { DEPENDENCY_PLANTS, LINT_PLANTS, type Plant, PURITY_PLANTS, TARGETS } from './plants.ts';
import { cruised, lintErrors, pureErrors, ruleNames, sourceFiles, withCopy } from './tree.ts';

const TIMEOUT = 60_000;

const planting = (plants: readonly Plant[]) => ({
  ...TARGETS,
  ...Object.fromEntries(plants.map(({ file, source }) => [file, source])),
});

describe('the boundaries between the folders', () => {
  let violations: IViolation[];
  beforeAll(async () => {
    ({ violations } = await withCopy(planting(DEPENDENCY_PLANTS), cruised));
  }, TIMEOUT);

  it('are looked at in every source file', { timeout: TIMEOUT }, async () => {
    const { files } = await cruised();
    expect(files.length).toBeGreaterThan(0);
    expect(files).toEqual(expect.arrayContaining(await sourceFiles()));
  });

  it('each have a planted violation', () => {
    expect([...new Set(DEPENDENCY_PLANTS.map(({ rule }) => rule))].sort()).toEqual(ruleNames().sort());
  });

  it.each(DEPENDENCY_PLANTS)('$rule catches $file', ({ rule, file }) => {
    expect(violations).toContainEqual(expect.objectContaining({ from: file, rule: { name: rule, severity: 'error' } }));
  });

  it('let through what breaks none', () => {
    expect(violations.filter(({ from }) => from.endsWith('planted-target.ts'))).toEqual([]);
  });
});

describe('the compile without Node', () => {
  let errors: string[];
  beforeAll(async () => {
    errors = await withCopy(planting(PURITY_PLANTS), pureErrors);
  }, TIMEOUT);

  it.each(PURITY_PLANTS)('knows no $rule', ({ rule, file }) => {
    expect(errors).toContainEqual(expect.stringMatching(new RegExp(`^${file}\\(.*'${rule}'`)));
  });

  it('lets through what needs nothing', () => {
    expect(errors.filter((line) => line.startsWith('src/application/planted-target.ts'))).toEqual([]);
  });
});

describe('the linter', () => {
  let errors: string[];
  beforeAll(async () => {
    errors = await withCopy(planting(LINT_PLANTS), lintErrors);
  }, TIMEOUT);

  it.each(LINT_PLANTS)('$rule catches $file', ({ rule, file }) => {
    expect(errors).toContain(`${file}: ${rule}`);
  });

  it('lets the configuration read the environment', async () => {
    const file = 'src/adapters/config/planted-env.ts';
    const found = await withCopy({ [file]: 'export const planted = process.env.PORT;\n' }, lintErrors);
    expect(found.filter((error) => error.startsWith(file))).toEqual([]);
  });
});
