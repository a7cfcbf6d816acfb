import { defineConfig } from 'vitest/config';

/** What happens when things break: one file after the other, since each measures. `FAULTS=long` takes its time. */
export default defineConfig({
  test: {
    include: ['test/faults/**/*.faults.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: process.env.FAULTS === 'long' ? 1_800_000 : 300_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/support/skip-reporter.ts'],
  },
});
