import { readFile, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/adapters/config/config.ts';

const root = new URL('../../', import.meta.url);
const read = (file: string) => readFile(new URL(file, root), 'utf8');

const SECRETS: Readonly<Record<string, string>> = {
  MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  POSTGRES_PASSWORD: 'of the database',
  OWNER_PASSWORD: 'of whoever owns it',
  METRICS_TOKEN: 'of-whoever-reads-metrics',
};

/** What the service is given there, with the secrets of an `.env` filled in. */
function environmentOf(compose: string): Record<string, string> {
  const block = /^ {4}environment:\n((?: {6}\S.*\n)+)/m.exec(compose)?.[1] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/^ {6}(\w+): (.+)$/gm)].map(([, name = '', value = '']) => [
      name,
      value.replaceAll(/\$\{(\w+)[^}]*\}/g, (_, secret: string) => encodeURIComponent(SECRETS[secret] ?? '')),
    ]),
  );
}

describe('the image and the compose file', () => {
  it('configure a service that starts in production', async () => {
    const { MASTER_KEY: key = '', ...environment } = environmentOf(await read('compose.yaml'));
    const image = { NODE_ENV: 'production', HOST: '0.0.0.0', PORT: '3000' };
    const config = readConfig(false, { ...image, ...environment, MASTER_KEY: decodeURIComponent(key) });
    expect(config.database.kind).toBe('postgres');
    expect(config.cache.kind).toBe('redis');
    expect(config.mail).toMatchObject({ kind: 'smtp' });
  });

  it('take along what is there', async () => {
    const dockerfile = await read('Dockerfile');
    const ignored = await read('.dockerignore');
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) =>
      files.split(' '),
    );
    expect(copied.length).toBeGreaterThan(0);
    for (const file of copied) {
      await expect(stat(new URL(file, root))).resolves.toBeDefined();
      expect(ignored.split('\n')).toContain(`!${file}`);
    }
  });

  it('run as `npm start` does', async () => {
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: { start: string } };
    const [, entrypoint, command] = /ENTRYPOINT (\[.*\])\nCMD (\[.*\])/.exec(await read('Dockerfile')) ?? [];
    expect([...JSON.parse(entrypoint ?? '[]'), ...JSON.parse(command ?? '[]')].join(' ')).toBe(scripts.start);
  });
});
