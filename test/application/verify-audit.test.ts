import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AuditRow } from '../../src/adapters/memory/audit-log.ts';
import { memoryAdapters } from '../../src/adapters/memory/index.ts';
import type { AuditLine, RecordLine, SealLine } from '../../src/domain/audit/audit-lines.ts';
import { attested } from '../support/attested.ts';
import { aTrail, recordsIn, type Trail } from '../support/audit-trail.ts';
import { anAuditEntry, anId } from '../support/builders.ts';

let trail: Trail;
/** Three seals over six records, and a checkpoint. */
let lines: readonly AuditLine[];
beforeAll(async () => {
  trail = await aTrail(memoryAdapters({ attested }));
  for (let seals = 0; seals < 3; seals += 1) {
    await trail.record(2, { before: { plan: 'free' }, after: { plan: 'paid' }, userAgent: 'curl', userId: anId() });
    await trail.seal();
  }
  lines = await trail.exported();
});

const isSeal = (line: AuditLine): line is SealLine => line.type === 'seal';
/** The line of a record of the second seal. */
const victim = (): RecordLine => recordsIn(lines)[2] ?? expect.fail();
const seal = (number: number): SealLine => lines.filter(isSeal).find((line) => line.number === number) ?? expect.fail();
const replaced = (line: AuditLine, by: unknown): readonly unknown[] => lines.map((one) => (one === line ? by : one));
const without = (line: AuditLine): readonly AuditLine[] => lines.filter((one) => one !== line);
const after = (line: AuditLine, added: unknown) => lines.flatMap((one) => (one === line ? [one, added] : [one]));
const faultsOf = async (changed: readonly unknown[], earlier: readonly unknown[] = []) =>
  (await trail.verified(changed, earlier)).faults;
const hashed = ({ hash: _, ...line }: SealLine): SealLine => ({ ...line, hash: trail.contentDigest.of(line) });

describe('an exported trail', () => {
  it('verifies when nothing happened to it', async () => {
    expect(await trail.verified(lines)).toEqual({
      chains: [{ ...trail.own, after: 0, upTo: 3, records: 6, erased: [], uncovered: [] }],
      faults: [],
    });
  });

  it('verifies wherever JSON puts the members of its objects', async () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([name, member]) => [name, turned(member)]),
      );
    };
    expect(await faultsOf(lines.map(turned))).toEqual([]);
  });

  it('shows any change of any value', async () => {
    const changes = lines.flatMap((line) => changesOf(line).map((by) => [line, by] as const));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...changes), async ([line, by]) => {
        expect(await faultsOf(replaced(line, by)), JSON.stringify(by)).not.toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('shows any line that is gone, twice there, or elsewhere', async () => {
    for (const [index, line] of lines.entries()) {
      expect(await faultsOf(without(line)), `without ${index}`).not.toEqual([]);
      if (line.type !== 'checkpoint') expect(await faultsOf(after(line, line)), `${index} twice`).not.toEqual([]);
    }
    const [first, ...rest] = lines;
    expect(await faultsOf([...rest, first])).not.toEqual([]);
    expect(await faultsOf(lines.toReversed())).not.toEqual([]);
  });
});

describe('a record', () => {
  const where = () => ({ ...trail.own, seal: 2, id: victim().id });

  it.each(['action', 'entityType', 'entityId', 'userId', 'actorId', 'timestamp', 'personalHash', 'more'] as const)(
    'that has another %s is found',
    async (field) => {
      const edited = { ...victim(), [field]: '2020-01-01T00:00:00.000Z' };
      expect(await faultsOf(replaced(victim(), edited))).toEqual([{ kind: 'record-edited', ...where() }]);
    },
  );

  it.each(['ip', 'userAgent', 'before', 'after', 'metadata', 'salt', 'more'] as const)(
    'whose personal detail has another %s is found',
    async (field) => {
      const edited = { ...victim(), personal: { ...victim().personal, [field]: null } };
      expect(await faultsOf(replaced(victim(), edited))).toEqual([{ kind: 'record-edited', ...where() }]);
      const covered = { ...edited, personalHash: trail.contentDigest.of(edited.personal) };
      expect(await faultsOf(replaced(victim(), covered))).toEqual([{ kind: 'record-edited', ...where() }]);
    },
  );

  it('that is removed is named', async () => {
    expect(await faultsOf(without(victim()))).toEqual([{ kind: 'record-removed', ...where() }]);
  });

  it('that is inserted is named, whichever seal it names', async () => {
    for (const sealedIn of [1, 2, 3, 4, 1_000]) {
      const inserted = { ...victim(), id: anId<string>(), sealedIn };
      const fault = { kind: 'record-inserted', ...trail.own, seal: sealedIn, id: inserted.id };
      expect(await faultsOf(after(victim(), inserted))).toEqual([fault]);
    }
  });

  it('of another tenant is inserted here and removed there', async () => {
    const moved = { ...victim(), tenantId: anId<string>() };
    expect(await faultsOf(replaced(victim(), moved))).toEqual([
      { kind: 'record-inserted', ...where(), tenantId: moved.tenantId },
      { kind: 'record-removed', ...where() },
    ]);
  });

  it('whose personal detail is erased is no fault, and is named', async () => {
    const verdict = await trail.verified(replaced(victim(), { ...victim(), personal: null }));
    expect(verdict).toMatchObject({ faults: [], chains: [{ records: 6, erased: [victim().id] }] });
  });

  it('cannot be edited under the cover of being erased', async () => {
    const edited = { ...victim(), action: 'auth.logout', personal: null };
    expect(await faultsOf(replaced(victim(), edited))).toEqual([{ kind: 'record-edited', ...where() }]);
  });

  it('tells no guesser what was erased: the same detail has another hash each time', () => {
    const hashes = recordsIn(lines).map(({ personalHash }) => personalHash);
    const salts = recordsIn(lines).map(({ personal }) => Buffer.from(personal?.salt ?? '', 'base64url').length);
    expect(new Set(hashes).size).toBe(6);
    expect(salts).toEqual(Array(6).fill(16));
  });
});

describe('a record that waits for its seal', () => {
  /** Somebody is at the store between writing and sealing. */
  async function sealedAfter(change: (row: AuditRow) => AuditRow) {
    const store = memoryAdapters({ attested });
    const watched = await aTrail(store);
    await watched.record(3, { before: { plan: 'free' } });
    const { rows } = store.store.auditLog;
    const [, second] = rows.values();
    const { id } = second ?? expect.fail();
    rows.set(id, change(rows.get(id) ?? expect.fail()));
    await watched.seal();
    const exported = await watched.exported();
    const fault = { kind: 'record-foreign', ...watched.own, seal: 1, id };
    return { fault, exported, verified: watched.verified, contentDigest: watched.contentDigest };
  }

  it.each([
    ['action', { action: 'auth.logout' }],
    ['person', { userId: 'somebody' }],
    ['time', { timestamp: new Date(0) }],
    ['address', { ip: '198.51.100.1' }],
    ['detail', { before: { plan: 'paid' } }],
    ['salt', { salt: 'x' }],
    ['attestation', { attestation: '' }],
    ['detail under the cover of being erased', { ip: null, userAgent: null, metadata: null, salt: null }],
  ])('and is given another %s by then is named', async (_, change) => {
    const { verified, exported, fault } = await sealedAfter((row) => ({ ...row, ...change }));
    expect((await verified(exported)).faults).toContainEqual(fault);
  });

  it('cannot be given the attestation of another', async () => {
    const { verified, exported, fault } = await sealedAfter((row) => {
      const { attestation } = attested({
        ...anAuditEntry(row.timestamp, { projectId: row.projectId, tenantId: row.tenantId }),
        id: anId(),
      });
      return { ...row, attestation };
    });
    expect((await verified(exported)).faults).toContainEqual(fault);
  });

  it('may be erased', async () => {
    const nothing = { ip: null, userAgent: null, before: null, after: null, metadata: null, salt: null };
    const { verified, exported, fault } = await sealedAfter((row) => ({ ...row, ...nothing }));
    expect(await verified(exported)).toMatchObject({ faults: [], chains: [{ records: 3, erased: [fault.id] }] });
  });

  it('is named for good: the seal cannot be rid of the name', async () => {
    const { verified, exported } = await sealedAfter((row) => ({ ...row, action: 'auth.logout' }));
    const cleared = exported.map((line) =>
      isSeal(line) ? { ...line, records: line.records.map(({ id, hash }) => ({ id, hash })) } : line,
    );
    expect((await verified(cleared)).faults).toMatchObject([{ kind: 'seal-edited', seal: 1 }]);
  });
});

describe('a seal', () => {
  it('that does not say what its hash is of is found', async () => {
    for (const change of [{ count: 5 }, { sealedAt: '2020-01-01T00:00:00.000Z' }, { previousHash: 'x' }, { more: 1 }]) {
      const faults = await faultsOf(replaced(seal(2), { ...seal(2), ...change }));
      expect(faults).toContainEqual({ kind: 'seal-edited', ...trail.own, seal: 2 });
    }
  });

  it('that was made anew breaks the chain after it', async () => {
    const [dropped, ...records] = seal(2).records;
    const renewed = hashed({ ...seal(2), records, count: 3 });
    const edited = replaced(seal(2), renewed).filter((line) => (line as RecordLine).id !== dropped?.id);
    expect(await faultsOf(edited)).toEqual([{ kind: 'chain-broken', ...trail.own, seal: 3 }]);
  });

  it('that is removed is missed, with its records', async () => {
    const gone = lines.filter((line) => line !== seal(2) && (line as RecordLine).sealedIn !== 2);
    expect(await faultsOf(gone)).toEqual([{ kind: 'seals-removed', ...trail.own, seal: 2, until: 2 }]);
  });

  it('cannot be the first without the seals before it', async () => {
    const tail = lines.filter((line) => (isSeal(line) ? line.number : ((line as RecordLine).sealedIn ?? 9)) > 1);
    expect(await faultsOf(tail)).toEqual([{ kind: 'seals-removed', ...trail.own, seal: 1, until: 1 }]);
    const renumbered = hashed({ ...seal(2), number: 1, count: 2 });
    expect((await faultsOf([renumbered]))[0]).toEqual({ kind: 'chain-broken', ...trail.own, seal: 1 });
  });
});

describe('a checkpoint', () => {
  const cut = () => lines.filter((line) => (isSeal(line) ? line.number : ((line as RecordLine).sealedIn ?? 0)) < 3);

  it('misses what was cut off the end', async () => {
    expect(await faultsOf(cut())).toEqual([
      { kind: 'end-removed', ...trail.own, seal: 3 },
      { kind: 'end-unsigned', ...trail.own, seal: 2 },
    ]);
  });

  it('is missed at the end', async () => {
    const unsigned = lines.filter((line) => line.type !== 'checkpoint');
    expect(await faultsOf(unsigned)).toEqual([{ kind: 'end-unsigned', ...trail.own, seal: 3 }]);
  });

  it('counts only when the project signed it, and signed it as a checkpoint', async () => {
    const stranger = await aTrail(memoryAdapters({ attested }));
    await stranger.record(1);
    await stranger.seal();
    const forged = await stranger.checkpoint();
    const [header, payload, signature] = (lines.at(-1) as { jws: string }).jws.split('.');
    const token = Buffer.from(JSON.stringify({ ...decoded(header), typ: 'at+jwt' })).toString('base64url');
    const none = Buffer.from(JSON.stringify({ ...decoded(header), alg: 'none' })).toString('base64url');
    for (const jws of [forged?.jws, `${token}.${payload}.${signature}`, `${none}.${payload}.`, 'x', '']) {
      const changed = replaced(lines.at(-1) ?? expect.fail(), { type: 'checkpoint', jws });
      expect(await faultsOf(changed)).toEqual([
        { kind: 'checkpoint-forged', source: 'export', line: lines.length },
        { kind: 'end-unsigned', ...trail.own, seal: 3 },
      ]);
    }
  });

  it('that was kept elsewhere finds a chain that was made anew as a whole, and one that ends too early', async () => {
    const store = memoryAdapters({ attested });
    const honest = await aTrail(store);
    await honest.record(2);
    await honest.seal();
    await honest.record(1);
    await honest.seal();
    const kept = await honest.checkpoint();
    const { auditLog } = store.store;
    const [first] = auditLog.rows.keys();
    const rows = [...auditLog.rows.values()].filter(({ id }) => id !== first);
    auditLog.rows.clear();
    auditLog.seals.clear();
    for (const { sealedIn: _, ...row } of rows) {
      auditLog.rows.set(row.id, row);
      auditLog.unsealed.add(row.id);
    }

    await honest.seal(1);
    const shorter = await honest.exported();
    await honest.seal(1);
    const forged = await honest.exported();
    expect((await honest.verified(forged)).faults).toEqual([]);
    const where = { ...honest.own, seal: 2 };
    expect((await honest.verified(forged, [kept])).faults).toEqual([{ kind: 'chain-rewritten', ...where }]);
    expect((await honest.verified(shorter, [kept])).faults).toEqual([{ kind: 'end-removed', ...where }]);
  });

  it('that was kept elsewhere agrees with the chain as it grew', async () => {
    const growing = await aTrail(memoryAdapters({ attested }));
    const kept: unknown[] = [];
    for (let seals = 0; seals < 3; seals += 1) {
      await growing.record(1);
      await growing.seal();
      kept.push(await growing.checkpoint());
    }
    expect((await growing.verified(await growing.exported(), kept)).faults).toEqual([]);
    const [header, payload] = (kept[0] as { jws: string }).jws.split('.');
    const broken = { type: 'checkpoint', jws: `${header}.${payload}.${'A'.repeat(86)}` };
    expect((await growing.verified(await growing.exported(), [{ type: 'seal' }, broken])).faults).toEqual([
      { kind: 'checkpoint-forged', source: 'earlier', line: 2 },
    ]);
  });

  it('is where a chain begins whose oldest records are gone', async () => {
    const aging = await aTrail(memoryAdapters({ attested }));
    await aging.record(2);
    await aging.seal();
    const head = await aging.checkpoint();
    const old = recordsIn(await aging.exported());
    await aging.record(1);
    await aging.seal();
    const [, ...young] = (await aging.exported()).filter((line) => (line as RecordLine).sealedIn !== 1);
    const beginning = { type: 'beginning', jws: head?.jws };

    expect(await aging.verified([beginning, ...young])).toMatchObject({
      chains: [{ after: 1, upTo: 2, records: 1, uncovered: [] }],
      faults: [],
    });
    const uncovered = old.map(({ id }) => id);
    expect(await aging.verified([beginning, ...old, ...young])).toMatchObject({ chains: [{ uncovered }], faults: [] });
    expect((await aging.verified(young)).faults).toMatchObject([{ kind: 'seals-removed', seal: 1, until: 1 }]);
    expect((await aging.verified([...young, beginning])).faults).not.toEqual([]);
  });
});

describe('a file', () => {
  it('is named by the line where it is no export', async () => {
    const hostile = [null, 1, 'x', [], {}, { type: 'seal' }, { type: 'constructor' }, { ...seal(1), number: 1.5 }];
    const more: readonly unknown[] = [
      { ...victim(), personal: [] },
      { ...seal(1), records: [null] },
      { type: 'record', toString: 1 },
    ];
    for (const line of [...hostile, ...more]) {
      expect(await faultsOf([line, ...lines])).toEqual([{ kind: 'unreadable', line: 1 }]);
    }
  });

  it('may say what JSON cannot, and is not believed', async () => {
    const values = [JSON.parse('1e999'), '\ud800', JSON.parse('{"__proto__": 1}')];
    for (const metadata of values) {
      const edited = { ...victim(), personal: { ...victim().personal, metadata } };
      expect(await faultsOf(replaced(victim(), edited))).toMatchObject([{ kind: 'record-edited' }]);
    }
  });

  it('of several chains is verified chain by chain', async () => {
    const store = memoryAdapters({ attested });
    const several = await aTrail(store);
    await several.record(1);
    await several.record(2, { tenantId: null });
    await several.seal();
    const both = [...(await several.exported()), ...(await several.exported({ ...several.own, tenantId: null }))];
    const { chains, faults } = await several.verified(both);
    expect(faults).toEqual([]);
    expect(chains.map(({ tenantId, records }) => [tenantId, records])).toEqual([
      [several.own.tenantId, 1],
      [null, 2],
    ]);
    const dropped = both.filter((line) => line !== both.findLast(({ type }) => type === 'record'));
    expect((await several.verified(dropped)).faults).toMatchObject([{ kind: 'record-removed', tenantId: null }]);
  });
});

function decoded(part: string | undefined): object {
  return JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
}

/** The value with one value in it changed, in every way. Erasing is no change. */
function changesOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return [`${value}x`, `y${value}`, null];
  if (typeof value === 'number') return [value + 1, -value - 1, String(value)];
  if (value === null || typeof value !== 'object') return ['x', 1];
  if (Array.isArray(value)) {
    const inside = value.flatMap((item, index) => changesOf(item).map((by) => value.with(index, by)));
    return [...inside, [...value, value[0] ?? 1], ...(value.length > 0 ? [value.slice(1)] : [])];
  }
  return Object.entries(value).flatMap(([name, member]) => {
    const { [name]: _, ...rest } = value as Readonly<Record<string, unknown>>;
    return [rest, ...changesOf(member).map((by) => ({ ...value, [name]: by }))];
  });
}
