import type { Reporter, TestModule, Vitest } from 'vitest/node';

/** Names what did not run. With CI set, whatever did not run has failed. */
export default class SkipReporter implements Reporter {
  #filtered = false;

  onInit(vitest: Vitest): void {
    this.#filtered = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    if (this.#filtered) return;
    const suites = new Map<string, number>();
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const suite = test.parent.type === 'suite' ? test.parent.fullName : test.fullName;
        const name = `${module.relativeModuleId}: ${suite}`;
        suites.set(name, (suites.get(name) ?? 0) + 1);
      }
    }
    if (suites.size === 0) return;
    console.log('Skipped:');
    for (const [name, count] of suites) console.log(`  ${name} (${count})`);
    if (!process.env.CI) return;
    console.log('CI is set: a skip is a failure.');
    process.exitCode = 1;
  }
}
