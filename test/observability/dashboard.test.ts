import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithPromtool, promtool } from '../support/promtool.ts';
import { aWatchedService } from './a-watched-service.ts';

const fileOf = (name: string) => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
const METRIC = /\b(?:castellan|nodejs|process)_[a-z0-9_]+\b/g;
const PART = /_(?:bucket|count|sum)$/;

interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
}

/** Names of metrics, without what makes up a histogram. */
const metricsIn = (text: string) => new Set([...text.matchAll(METRIC)].map(([name]) => name.replace(PART, '')));

describe('what is drawn and what is alerted on', () => {
  let service: Awaited<ReturnType<typeof aWatchedService>>;
  let there: ReadonlySet<string>;
  beforeAll(async () => {
    service = await aWatchedService();
    const { text } = await service.metrics.page();
    there = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name));
  });
  afterAll(() => service[Symbol.asyncDispose]());

  it('is there', async () => {
    const { panels } = JSON.parse(await readFile(fileOf('grafana-dashboard.json'), 'utf8')) as Dashboard;
    const drawn = metricsIn(panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join('\n'));
    const alerted = metricsIn(await readFile(fileOf('alerts.yml'), 'utf8'));
    expect(drawn.size).toBeGreaterThan(10);
    expect(alerted.size).toBeGreaterThan(5);
    for (const name of [...drawn, ...alerted]) expect(there, name).toContain(name);
  });

  it('leaves out nothing of our own', async () => {
    const drawn = metricsIn(await readFile(fileOf('grafana-dashboard.json'), 'utf8'));
    for (const name of there) if (name.startsWith('castellan_')) expect(drawn, name).toContain(name);
  });
});

describeWithPromtool('the alerts', () => {
  it('are rules of Prometheus', () => {
    expect(promtool(['check', 'rules', fileOf('alerts.yml')])).toBe('');
  });
});
