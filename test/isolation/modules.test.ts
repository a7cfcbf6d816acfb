import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UserActor } from '../../src/application/actor.ts';
import type { Iam } from '../../src/application/iam.ts';
import type { RoleId } from '../../src/domain/role/role.ts';
import { anOwner, aRole } from '../http/v1-people.ts';
import { describeWithPostgres } from '../support/databases.ts';
import { codeOf, heldUp, type Replicas, ROUNDS, ROUNDS_TIMEOUT, twoReplicas } from './replicas.ts';

const CRM = {
  name: 'crm',
  permissions: ['crm.read', 'crm.write'].map((name) => ({ name, description: `May ${name}` })),
};
/** For how many statements somebody is held up before the commit. */
const HELD_UP = [
  { role: 0, end: 100 },
  { role: 100, end: 0 },
  { role: 0, end: 0 },
  { role: 0, end: 2 },
  { role: 2, end: 0 },
  { role: 6, end: 6 },
] as const;

const ENDS: readonly (readonly [string, (iam: Iam, by: UserActor) => Promise<unknown>])[] = [
  ['uninstalled by force', (iam, by) => iam.roles.uninstallModule.execute(by, { name: 'crm', force: true })],
  ['uninstalled', (iam, by) => iam.roles.uninstallModule.execute(by, { name: 'crm' })],
  [
    'replaced by a release that leaves names out',
    (iam, by) => iam.roles.installModule.execute(by, { ...CRM, permissions: CRM.permissions.slice(1) }),
  ],
];

describeWithPostgres('roles with names of a module that is going', () => {
  let replicas: Replicas;
  let platformOwner: UserActor;
  let owner: UserActor;
  let stranger: UserActor;
  let standing: { readonly id: string };
  beforeAll(async () => {
    replicas = await twoReplicas();
    const { world } = replicas;
    const person = await anOwner(world);
    standing = await aRole(world, person);
    owner = await replicas.actor(person.token);
    stranger = await replicas.actor((await anOwner(world)).token);
    platformOwner = await replicas.actor(await world.owner());
  });
  afterAll(() => replicas[Symbol.asyncDispose]());

  /** Names that roles hold and nobody registers. */
  async function orphans(): Promise<readonly string[]> {
    const rows = await replicas.database.execute<{ readonly name: string }>(sql`
      select held.name from roles, unnest(roles.permissions) as held (name)
      where held.name like 'crm.%' and not exists (
        select from permission_modules m where m.name = 'crm' and (held.name = 'crm.*' or exists (
          select from jsonb_array_elements(m.permissions) as entry where entry ->> 'name' = held.name)))`);
    return rows.map(({ name }) => name);
  }

  async function restore(composed: readonly (readonly [UserActor, RoleId])[]): Promise<void> {
    const [iam] = replicas.iams;
    for (const [by, id] of composed) await iam.roles.deleteRole.execute(by, { id });
    await iam.roles.updateRole.execute(owner, { id: standing.id as RoleId, permissions: [] });
  }

  describe.each(ENDS)('%s', (_, end) => {
    it('hold none that is registered no more', ROUNDS_TIMEOUT, async () => {
      const seen = new Set<unknown>();
      for (let round = 0; round < ROUNDS; round += 1) {
        const held = HELD_UP[round % HELD_UP.length] ?? HELD_UP[0];
        await replicas.iams[0].roles.installModule.execute(platformOwner, CRM);
        const iam = heldUp(replicas, 1, held.role);
        const compose = async (by: UserActor, permission: string) => {
          const role = { name: `${permission} ${round}`, permissions: [permission] };
          return [by, (await iam.roles.composeRole.execute(by, role)).id] as const;
        };
        const change = { id: standing.id as RoleId, permissions: ['crm.read'] };
        const [ended, updated, ...composing] = await Promise.allSettled([
          end(heldUp(replicas, 0, held.end), platformOwner),
          iam.roles.updateRole.execute(owner, change),
          compose(owner, 'crm.read'),
          compose(stranger, 'crm.read'),
          compose(stranger, 'crm.*'),
        ]);
        expect(await orphans()).toEqual([]);
        if (ended.status === 'rejected') expect(['role-in-use', 'conflict']).toContain(codeOf(ended.reason));
        for (const outcome of [updated, ...composing]) {
          seen.add(outcome.status);
          if (outcome.status === 'rejected')
            expect(['unknown-permission', 'conflict']).toContain(codeOf(outcome.reason));
        }
        await restore(composing.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])));
      }
      // Each side came first somewhere, or there was no race.
      expect(seen).toEqual(new Set(['fulfilled', 'rejected']));
    });
  });
});
