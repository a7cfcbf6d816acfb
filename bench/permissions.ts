import { MemoryPermissionCache, UuidV7Generator } from '../src/adapters/memory/index.ts';
import { type Database, openPostgres, persistencePorts } from '../src/adapters/persistence/index.ts';
import { type MemberPlace, PermissionResolver } from '../src/application/roles/permission-resolver.ts';
import { EffectivePermissions } from '../src/domain/role/effective-permissions.ts';
import type { Permission } from '../src/domain/role/permission.ts';
import type { RoleDirectory } from '../src/ports/directories/role-directory.ts';
import type { MemberRoles, RolesVersion } from '../src/ports/directories/session-directory.ts';
import { attested } from '../test/support/attested.ts';
import type { Bench, Figure, Measurement } from './bench.ts';
import { type RoleHolders, roleHolders } from './role-holders.ts';
import { interleaved, medianOf } from './rounds.ts';
import { median } from './statistics.ts';

const CHECKS = 1_000_000;
const RESOLVES = 200_000;
const ASKED_FOR = 1_000;

/** What somebody may do is one question to a compiled set, and compiling it one read. */
export const permissions: Measurement = {
  goals: ['7'],
  async run(bench: Bench): Promise<readonly Figure[]> {
    const { rounds } = bench;
    const usual = await roleHolders(bench, 2_000);
    const distinct = await roleHolders(bench, 50_000);
    const connection = openPostgres({ url: bench.databaseUrl, poolSize: 1 });
    try {
      const { database } = connection;
      checkNanos(distinct.names);
      const checks = await interleaved(rounds, async () => checkNanos(distinct.names));
      const warm = await warmResolver(database, usual.places);
      const cached = await interleaved(rounds, () => cachedMicros(warm, usual.places));
      const figure = (what: string, value: number, unit: string, must: number, aim: number): Figure => {
        return { goal: '7', what, value, unit, direction: 'at most', must, aim, beside: {} };
      };
      const cold = async ({ places, names }: RoleHolders): Promise<readonly Figure[]> => {
        // Code that is compiled, and a statement that is prepared: what else a process does once.
        await coldResolves(database, places);
        const runs = await interleaved(rounds, () => coldResolves(database, places));
        const first = medianOf(runs, (run) => run.first);
        const next = medianOf(runs, (run) => run.next);
        return [
          figure(`cold resolve, 50 roles × 1,000 permissions, ${names.length} different ones`, first, 'ms', 5, 1),
          figure('… of roles that another member holds', next, 'ms', 5, 1),
        ];
      };
      return [
        figure(`permission check among ${distinct.names.length} names`, median(checks), 'ns', 250, 100),
        figure('cached resolve', median(cached), 'µs', 1, 0.3),
        ...(await cold(usual)),
        ...(await cold(distinct)),
      ];
    } finally {
      await connection.close();
    }
  },
};

/** Names that are held, names of which nothing is, and names without a dot. */
function checkNanos(names: readonly Permission[]): number {
  const permissions = new EffectivePermissions([...names, 'billing.*' as Permission], { platform: false });
  const asked = Array.from({ length: ASKED_FOR }, (_, index) => {
    const held = names[(index * 37) % names.length] ?? '';
    return [held, held, `${held}-not`, `billing.view-${index}`, `plain-${index}`][index % 5] ?? '';
  });
  let allowed = 0;
  const startedAt = performance.now();
  for (let check = 0; check < CHECKS; check += 1) {
    if (permissions.allows(asked[check % ASKED_FOR] ?? '')) allowed += 1;
  }
  const nanos = ((performance.now() - startedAt) * 1e6) / CHECKS;
  if (allowed !== CHECKS * 0.6) throw new Error(`${allowed} of ${CHECKS} were allowed`);
  return nanos;
}

/** Awaited one by one: each costs a turn of the microtask queue. */
async function cachedMicros({ resolver, roles }: Warm, places: readonly MemberPlace[]): Promise<number> {
  const startedAt = performance.now();
  for (let turn = 0; turn < RESOLVES; turn += 1) {
    const place = places[turn % places.length];
    if (place !== undefined) await resolver.of(place, roles);
  }
  return ((performance.now() - startedAt) * 1000) / RESOLVES;
}

interface Warm {
  readonly resolver: PermissionResolver;
  readonly roles: MemberRoles;
}

async function warmResolver(database: Database, places: readonly MemberPlace[]): Promise<Warm> {
  const directory = freshDirectory(database);
  const resolver = resolverOf(directory);
  const versions = new Set<RolesVersion>();
  for (const { project, tenantId, userId } of places) {
    const held = await directory.permissionsOf(project.id, tenantId, userId);
    if (held !== undefined) versions.add(held.rolesVersion);
  }
  // They hold the same roles, and so one version.
  const [version, ...others] = versions;
  if (version === undefined || others.length > 0) throw new Error(`${versions.size} versions of the same roles`);
  const roles = { slugs: [], version };
  for (const place of places) await resolver.of(place, roles);
  return { resolver, roles };
}

/** Nothing known of any role, and then of nobody but the roles: medians of as many members, in milliseconds. */
async function coldResolves(
  database: Database,
  places: readonly MemberPlace[],
): Promise<{ readonly first: number; readonly next: number }> {
  const first: number[] = [];
  const next: number[] = [];
  for (const place of places) {
    const directory = freshDirectory(database);
    first.push(await resolveMs(directory, place));
    next.push(await resolveMs(directory, place));
  }
  return { first: median(first), next: median(next) };
}

async function resolveMs(directory: RoleDirectory, place: MemberPlace): Promise<number> {
  const resolver = resolverOf(directory);
  const startedAt = performance.now();
  const permissions = await resolver.of(place, { slugs: [], version: undefined });
  const ms = performance.now() - startedAt;
  if (!permissions.allows('module-0.things-0.do-0')) throw new Error('a member without permissions');
  return ms;
}

/** As in a process that has just started. */
function freshDirectory(database: Database): RoleDirectory {
  return persistencePorts(database, { idGenerator: new UuidV7Generator(), attested }).roleDirectory;
}

function resolverOf(roleDirectory: RoleDirectory): PermissionResolver {
  return new PermissionResolver({ roleDirectory, permissionCache: new MemoryPermissionCache() });
}
