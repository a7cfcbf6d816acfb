import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithPromtool, promtool } from '../support/promtool.ts';
import { aWatchedService } from './a-watched-service.ts';

const fileOf = (name: string) => fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
const METRIC = /\b(?:castellan|nodejs|process)_[a-z0-9_]+\b/g;
const PART = /_(?:bucket|count|sum)$/;

interface Dashboard {
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly datasource: { readonly uid: string };
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

const theDashboard = async () => JSON.parse(await readFile(fileOf('grafana-dashboard.json'), 'utf8')) as Dashboard;

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
    const { panels } = await theDashboard();
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

describe('the dashboard', () => {
  it('can be imported: it asks for the data source, and every panel is one of its own and draws from that', async () => {
    const { schemaVersion, templating, panels } = await theDashboard();
    expect(schemaVersion).toBeGreaterThanOrEqual(36);
    expect(templating.list).toContainEqual(expect.objectContaining({ name: 'datasource', type: 'datasource' }));
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { title, datasource, targets } of panels) {
      expect(datasource.uid, title).toBe(`\${datasource}`);
      expect(targets.length, title).toBeGreaterThan(0);
    }
  });
});

describeWithPromtool('what the panels ask for', () => {
  it('is understood by Prometheus', async () => {
    const { panels } = await theDashboard();
    const asked = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const rules = asked.map((expr, index) => {
      const filled = expr.replaceAll('$__rate_interval', '5m').replaceAll('$job', '.*');
      return { record: `panel:${index}`, expr: filled };
    });
    // JSON is YAML.
    const folder = await mkdtemp(join(tmpdir(), 'castellan-panels-'));
    const file = join(folder, 'panels.yml');
    await writeFile(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }));
    expect(promtool(['check', 'rules', file])).toBe('');
    await rm(folder, { recursive: true });
  });
});

describeWithPromtool('the alerts', () => {
  it('are rules of Prometheus', () => {
    expect(promtool(['check', 'rules', fileOf('alerts.yml')])).toBe('');
  });
});
