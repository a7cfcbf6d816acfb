import { defineConfig } from 'vitest/config';

const long = process.env.FAULTS === 'long';

/** What happens when things break. `FAULTS=long` takes its time, one file after the other, since each measures. */
export default defineConfig({
  test: {
    include: ['test/faults/**/*.faults.ts'],
    pool: 'forks',
    fileParallelism: !long,
    maxWorkers: 3,
    testTimeout: long ? 1_800_000 : 300_000,
    hookTimeout: 120_000,
    reporters: ['default', './test/support/skip-reporter.ts'],
  },
});
