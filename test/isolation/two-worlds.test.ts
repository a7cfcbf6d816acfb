import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import { operationsOf } from '../http/every-operation.ts';
import { aColleague, invitationTo } from '../http/v1-people.ts';
import type { V1World } from '../http/v1-world.ts';
import { DEEDS, type Deed, type Doers } from './deeds.ts';
import { anInventory, anOffer, type Inventory, publishAll } from './inventory.ts';
import { NOTHING_LOCAL, namesOf, unknownLike } from './named.ts';
import { aSelection, ownOf } from './own.ts';
import { aQuickWorld } from './quick-world.ts';
import { READS } from './reads.ts';
import { patch, post, type Sent, send } from './sent.ts';
import { asShown, withoutTrace } from './shown.ts';
import { type Twins, twins } from './twins.ts';

const RUNS = 3;
const SEED = 20_260_101;
/** So many besides those that are never left out. */
const OTHERS = 150;
const LONGER_THAN_ANY_TEST = 86_400;

/** One of those at hand belongs to both tenants. */
interface Neighbours extends Twins {
  readonly quiet: Inventory;
  readonly busy: Doers;
}

async function neighbours(): Promise<Neighbours> {
  let found: Pick<Neighbours, 'quiet' | 'busy'> | undefined;
  const both = await twins(async (world) => {
    found = await settle(world);
  });
  if (found === undefined) throw new Error('nobody lives there');
  return { ...both, ...found };
}

async function settle(world: V1World): Promise<Pick<Neighbours, 'quiet' | 'busy'>> {
  const { platform, iam } = world;
  const settings = { accessTokenTtlSeconds: LONGER_THAN_ANY_TEST };
  await iam.projects.updateProject.execute(OPERATOR, { id: platform.id, settings });
  const quiet = await anInventory(world);
  await anOffer(world, quiet);
  const inventory = await anInventory(world);
  const { owner } = inventory;
  await world.post('/users', { email: quiet.member.email }, { token: owner.token });
  const token = await invitationTo(world, quiet.member.email);
  await world.post('/auth/accept-invite', { token }, { token: quiet.member.token });
  const admin = await aColleague(world, owner, ['admin']);
  const member = await aColleague(world, owner);
  const place = { project: platform.id, apiKey: platform.id, kid: platform.id };
  const own = { ...(await namesOf(world, inventory)), ...place, ...NOTHING_LOCAL };
  const theirs = { ...(await namesOf(world, quiet)), ...place, ...NOTHING_LOCAL };
  const shared = { ...own, member: quiet.member.id, address: quiet.member.email };
  await iam.audit.sealAuditRecords.execute(1_000);
  const busy: Doers = {
    world,
    inventory,
    own: { ...(await ownOf(world, platform.id, {})), owner, selection: () => aSelection(world) },
    callers: { owner, admin, member },
    whose: { own, theirs, shared, "nobody's": { ...unknownLike(own), ...NOTHING_LOCAL } },
  };
  return { quiet, busy };
}

/** As late in the one as in the other, and every counter of requests is at its beginning. */
function aMinuteLater({ one, other }: Twins): void {
  one.clock.advance(61);
  other.clock.advance((one.clock.now().getTime() - other.clock.now().getTime()) / 1_000);
}

const SIGNATURES = /("jws":"[^".]*\.[^".]*)\.[^"]*"/g;

/** All that the owner sees, and that their member is still signed in. */
async function seenIn(world: V1World, inventory: Inventory): Promise<readonly object[]> {
  await world.iam.audit.sealAuditRecords.execute(1_000);
  await publishAll(world);
  const { owner, member } = inventory;
  const seen: object[] = [];
  const look = async (path: string, token: string) => {
    const { status, headers, text } = await world.get(path, token);
    const { 'x-request-id': _, ...others } = Object.fromEntries(headers);
    seen.push({ path, status, others, text: withoutTrace(text).replaceAll(SIGNATURES, '$1"') });
    return others.link?.match(/^<https:\/\/[^/]+([^>]+)>/)?.[1];
  };
  await look('/auth/me', member.token);
  for (const path of Object.values(READS).flatMap((paths) => paths(inventory))) {
    let next: string | undefined = path;
    while (next !== undefined) next = await look(next, owner.token);
  }
  return seen;
}

/** What the owner then does. */
const WRITES = ({ owner, role }: Inventory): readonly Sent[] => [
  post('/roles', { name: 'Afterwards', permissions: ['users.list'] }),
  post('/users', { email: 'afterwards@example.test' }),
  patch(`/roles/${role.id}`, { name: 'Renamed' }),
  patch(`/tenants/${owner.tenantId}`, { name: 'Renamed' }),
  post('/tenants', { name: 'Another' }),
];

async function doneIn(world: V1World, inventory: Inventory): Promise<readonly object[]> {
  const done: object[] = [];
  for (const sent of WRITES(inventory)) done.push(asShown(await send(world, sent, inventory.owner), {}));
  return done;
}

const [certain, others] = [DEEDS.filter((deed) => deed.certain), DEEDS.filter((deed) => !deed.certain)];

/** In any order. */
const manyDeeds: fc.Arbitrary<Deed[]> = fc
  .shuffledSubarray(others, { minLength: OTHERS, maxLength: OTHERS })
  .map((some) => [...certain, ...some])
  .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));

describe('whatever a tenant does', () => {
  it('another answers its owner as if it had done nothing', { timeout: 120_000 }, async () => {
    const property = fc.asyncProperty(manyDeeds, async (deeds) => {
      const { one, other, quiet, busy } = await neighbours();
      for (const deed of deeds) await deed.do(busy);
      aMinuteLater({ one, other });
      expect(await seenIn(one, quiet)).toEqual(await seenIn(other, quiet));
      expect(await doneIn(one, quiet)).toEqual(await doneIn(other, quiet));
    });
    await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
  });
});

describe('what the owner looks at', () => {
  let world: V1World;
  beforeAll(async () => {
    world = await aQuickWorld();
  });

  it('is everything that there is to look at', async () => {
    const operations = operationsOf(await (await world.app.request('/openapi.json')).json());
    const looks = operations.filter(({ method }) => method === 'GET').map(({ name }) => name.replace('/api/v1', ''));
    expect(Object.keys(READS).sort()).toEqual(looks.sort());
  });
});
