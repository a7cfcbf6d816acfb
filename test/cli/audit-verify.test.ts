import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryAdapters } from '../../src/adapters/memory/index.ts';
import { castellan } from '../../src/cli/castellan.ts';
import { attested } from '../support/attested.ts';
import { aTrail, recordsIn, type Trail } from '../support/audit-trail.ts';

let folder: string;
let trail: Trail;
let exported: Awaited<ReturnType<Trail['exported']>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'castellan-audit-'));
  trail = await aTrail(memoryAdapters({ attested }));
  await trail.record(3);
  await trail.seal();
  exported = await trail.exported();
  await written('jwks.json', JSON.stringify(trail.jwks));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}
const ndjson = (lines: readonly unknown[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

async function run(...args: readonly string[]) {
  let out = '';
  let error = '';
  const code = await castellan(args, {
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
    terminal: false,
  });
  return { code, out, error };
}
const verify = async (lines: readonly unknown[], ...more: readonly string[]) =>
  run('audit', 'verify', await written('export.ndjson', ndjson(lines)), '--jwks', join(folder, 'jwks.json'), ...more);

describe('castellan audit verify', () => {
  it('says that a trail is what the service wrote', async () => {
    const { code, out, error } = await verify(exported);
    expect([code, error]).toEqual([0, '']);
    expect(out.split('\n')).toEqual([
      `tenant ${trail.own.tenantId}: seals 1 to 1, 3 records`,
      'Compared with no checkpoint kept elsewhere: a chain made anew as a whole would not show.',
      'Every record is what it was when the service wrote it.',
      '',
    ]);
  });

  it('names what was edited, removed and inserted, and fails', async () => {
    const [first, second, third] = recordsIn(exported);
    const changed = exported.flatMap((line) => {
      if (line === first) return [{ ...line, action: 'auth.logout' }];
      if (line === second) return [];
      return line === third ? [line, { ...third, id: 'forged\u001b[2J\nFAULT' }] : [line];
    });
    const { code, out } = await verify(changed);
    expect(code).toBe(1);
    expect(out.split('\n').filter((line) => !line.startsWith('Compared'))).toEqual([
      `tenant ${trail.own.tenantId}: seals 1 to 1, 1 records`,
      `FAULT  record ${first?.id} is not what it was under seal 1`,
      'FAULT  record forged\ufffd[2J\ufffdFAULT says that it is under seal 1, and is not',
      `FAULT  record ${second?.id} was under seal 1 and is gone`,
      '3 faults: this is not the trail that the service wrote.',
      '',
    ]);
  });

  it('names what the service did not write, and fails', async () => {
    const store = memoryAdapters({ attested });
    const watched = await aTrail(store);
    await watched.record(2);
    const { rows } = store.store.auditLog;
    const row = [...rows.values()][0] ?? expect.fail();
    rows.set(row.id, { ...row, attestation: '' });
    await watched.by({ attest: () => '', attests: (_, attestation) => attestation !== '' }).seal();
    await watched.record(1);
    await watched.seal();
    const keys = await written('other-jwks.json', JSON.stringify(watched.jwks));
    const file = await written('other.ndjson', ndjson(await watched.exported()));
    const { code, out } = await run('audit', 'verify', file, '--jwks', keys);
    expect(code).toBe(1);
    expect(out.split('\n').filter((line) => line.startsWith('FAULT'))).toEqual([
      `FAULT  record ${row.id} under seal 1 was not written by the service, or not like this`,
      'FAULT  seal 1 was not made by the service',
    ]);
  });

  it('compares with checkpoints that were kept, also those of earlier exports', async () => {
    const checkpoints = await written('checkpoints.ndjson', ndjson([await trail.checkpoint()]));
    const earlier = await written('earlier.ndjson', ndjson(exported));
    const kept = ['--checkpoints', checkpoints, '--checkpoints', earlier];
    expect(await verify(exported, ...kept)).toMatchObject({ code: 0, out: expect.not.stringContaining('Compared') });

    const anew = await aTrail(memoryAdapters({ attested }));
    await anew.record(1);
    await anew.seal();
    const { code, out } = await verify(await anew.exported(), ...kept);
    expect(code).toBe(1);
    expect(out).toContain(`a checkpoint was made of seal 1, and it is not here`);
  });

  it('says it as JSON', async () => {
    const { code, out } = await verify(exported, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual(await trail.verified(exported));
  });

  it('fetches the keys where it is told to', async () => {
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/jwks.json' ? 200 : 404).end(JSON.stringify(trail.jwks));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const file = await written('export.ndjson', ndjson(exported));
    const from = (path: string) => run('audit', 'verify', file, '--jwks', `http://127.0.0.1:${port}${path}`);
    try {
      expect((await from('/jwks.json')).code).toBe(0);
      expect(await from('/other')).toMatchObject({ code: 1, error: expect.stringContaining('answers 404') });
    } finally {
      server.close();
      await once(server, 'close');
    }
    expect(await from('/jwks.json')).toMatchObject({ code: 1, out: '' });
  });

  it('fails where there is nothing to verify, and where nothing can be read', async () => {
    expect(await verify([])).toMatchObject({ code: 1, out: expect.stringContaining('There is no chain') });
    const notJson = await written('export.ndjson', 'no\n\nexport\n');
    const jwks = join(folder, 'jwks.json');
    expect(await run('audit', 'verify', notJson, '--jwks', jwks)).toMatchObject({
      code: 1,
      out: expect.stringContaining('line 2 is nothing that an export has'),
    });
    expect((await run('audit', 'verify', join(folder, 'none'), '--jwks', jwks)).code).toBe(1);
    expect((await run('audit', 'verify', notJson, '--jwks', join(folder, 'none'))).code).toBe(1);
    const noKeys = await written('no-keys.json', '{"keys": 1}');
    expect((await run('audit', 'verify', notJson, '--jwks', noKeys)).code).toBe(1);
  });

  it.each([
    [['audit', 'verify']],
    [['audit', 'verify', 'file']],
    [['audit', 'verify', '--jwks', 'x']],
    [['audit', 'verify', 'a', 'b', '--jwks', 'x']],
    [['audit', 'verify', 'file', '--jwks', 'x', '--unheard-of']],
  ])('says how it is used: %j', async (args) => {
    expect(await run(...args)).toMatchObject({
      code: 2,
      out: '',
      error: expect.stringContaining('castellan audit verify'),
    });
  });
});
