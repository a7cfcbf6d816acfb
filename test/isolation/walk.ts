import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Operation, operationsOf } from '../http/every-operation.ts';
import { anOwner } from '../http/v1-people.ts';
import { type Answer, PASSWORD, type V1World } from '../http/v1-world.ts';
import { GATE_PROBES, GATE_PUBLIC } from './gate-probes.ts';
import { type Named, NOTHING_LOCAL } from './named.ts';
import { NAMELESS, OPEN_PROBES, type Own, PROBES, type Probe } from './probes.ts';
import { changesBetween } from './rows.ts';
import { type By, type Sent, send } from './sent.ts';
import { asShown, withoutTrace } from './shown.ts';
import { VALID } from './valid-requests.ts';

/** Two who must know nothing of each other. */
export interface Arranged {
  /** As the caller reaches it. */
  readonly world: V1World;
  readonly own: Omit<Own, 'token'>;
  /** A key of the caller's own project. */
  readonly manage?: Readonly<Record<string, string>>;
  /** What belongs to the other, and what belongs to nobody. */
  readonly named: Named;
  readonly unknown: Named;
  /** What no answer to the caller may hold, unless they named it. */
  readonly marks: readonly string[];
  /** The caller is known at their own doors: what is remembered of that opens no other. */
  warmUp(): Promise<unknown>;
  /** Everything stored that the other is named in. */
  rows(): Promise<readonly string[]>;
}

interface Credentials {
  readonly token: string;
  readonly manage: Readonly<Record<string, string>>;
}

/** How the caller shows who they are. */
export interface Stranger {
  readonly name: string;
  by(credentials: Credentials, named: Named): By;
  /** Whether the calls go to the other API too, and to doors that are open to everybody. */
  readonly everywhere: boolean;
}

const EVERYWHERE = { ...OPEN_PROBES, ...PROBES, ...GATE_PROBES };
const A_MINUTE = 61;

/** Whatever the caller names of another is to them as if there were none, and stays as it is. */
export function describeIsolation(arrange: () => Promise<Arranged>, strangers: readonly Stranger[]): void {
  let arranged: Arranged;
  let operations: ReadonlyMap<string, Operation>;
  let rows: readonly string[];
  let calls = 0;
  beforeAll(async () => {
    arranged = await arrange();
    rows = await arranged.rows();
    const document = await (await arranged.world.app.request('/openapi.json')).json();
    operations = new Map(operationsOf(document).map((operation) => [operation.name.replace('/api/v1', ''), operation]));
  });

  /** Each from an address of its own and in a minute of its own: no counter tells one from another. */
  async function ask(probe: Probe, names: Named, { name, by }: Stranger): Promise<Answer> {
    const { world, own, manage = {} } = arranged;
    world.clock.advance(A_MINUTE);
    const { email } = own.owner;
    const token = (await world.post('/auth/login', { email, password: PASSWORD })).body.accessToken;
    await arranged.warmUp();
    calls += 1;
    const sent = await probe(names, { ...own, token });
    const answer = await send(world, sent, {
      ...by({ token, manage }, names),
      address: `2001:db8:${calls.toString(16)}::1`,
    });
    expectNothingOfTheOther(answer, sent, name);
    return answer;
  }

  function expectNothingOfTheOther({ text }: Answer, sent: Sent, name: string): void {
    const [shown, asked] = [withoutTrace(text), JSON.stringify(sent)];
    const told = arranged.marks.filter((mark) => shown.includes(mark) && !asked.includes(mark));
    expect(told, `${asked} by ${name}`).toEqual([]);
  }

  /** Whether all that it names is as much the caller's as the other's. */
  async function isSharedBy(probe: Probe): Promise<boolean> {
    const { named, unknown } = arranged;
    const own: Own = { ...arranged.own, token: '', selection: async () => '' };
    return isDeepStrictEqual(await probe(named, own), await probe(unknown, own));
  }

  /** By somebody new, who has what they spoil for themselves. */
  async function done(operation: string, { name, by }: Stranger): Promise<void> {
    const { world, named, manage = {} } = arranged;
    const host = await anOwner(world);
    const sent = await VALID[operation]?.({ world, host, self: host, password: PASSWORD });
    if (sent === undefined) throw new Error(`No request for ${operation}`);
    expectNothingOfTheOther(await send(world, sent, by({ token: host.token, manage }, named)), sent, name);
  }

  async function expectUnchanged(): Promise<void> {
    const before = rows;
    rows = await arranged.rows();
    expect(changesBetween(before, rows)).toEqual([]);
  }

  describe.each(strangers)('$name', (stranger) => {
    it.each(Object.entries(stranger.everywhere ? EVERYWHERE : PROBES))('%s', async (_, probes) => {
      for (const probe of withPreconditions(probes)) {
        const { named, unknown } = arranged;
        const answer = await ask(probe, named, stranger);
        if (await isSharedBy(probe)) continue;
        expect(asShown(answer, named)).toEqual(asShown(await ask(probe, unknown, stranger), unknown));
      }
      await expectUnchanged();
    });

    it.each(NAMELESS)('%s', async (operation) => {
      await done(operation, stranger);
      await expectUnchanged();
    });
  });

  it('leaves no operation out', () => {
    expect([...Object.keys(EVERYWHERE), ...NAMELESS, ...GATE_PUBLIC].sort()).toEqual([...operations.keys()].sort());
  });

  it('knows the doors that are open to everybody', () => {
    const isOpen = ({ gate, security }: Operation) =>
      !gate && (security.length === 0 || security.some((scheme) => Object.keys(scheme).length === 0));
    const open = [...operations].filter(([, operation]) => isOpen(operation)).map(([name]) => name);
    expect(Object.keys(OPEN_PROBES).sort()).toEqual(open.sort());
  });

  it('has something of every kind to name', () => {
    const shared: readonly string[] = Object.values(NOTHING_LOCAL);
    for (const [kind, name] of Object.entries(arranged.named)) {
      expect(name, kind).toMatch(/./);
      if (!shared.includes(name)) expect(arranged.unknown[kind as keyof Named], kind).not.toBe(name);
    }
  });
}

/** Besides, the first of them under conditions that hold for whatever there is, and for nothing else (RFC 9110 §13). */
function withPreconditions(probes: readonly Probe[]): readonly Probe[] {
  const headers = { 'If-Match': '*', 'If-None-Match': '*' };
  const conditional = probes.slice(0, 1).map(
    (probe): Probe =>
      async (named, own) => {
        const sent = await probe(named, own);
        return { ...sent, headers: { ...sent.headers, ...headers } };
      },
  );
  return [...probes, ...conditional];
}
