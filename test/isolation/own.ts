import { anOwner } from '../http/v1-people.ts';
import { PASSWORD, type V1World } from '../http/v1-world.ts';
import { anInventory } from './inventory.ts';
import type { Own } from './probes.ts';

/** A tenant of the caller's own. */
export async function ownOf(world: V1World, project: string, key: Own['key']): Promise<Omit<Own, 'token'>> {
  const { owner, member, role, webhook } = await anInventory(world);
  return { owner, member: member.id, slug: role.slug, webhook, project, key, selection: () => aSelection(world) };
}

/** The token of somebody who has signed in and has to choose a tenant. */
export async function aSelection(world: V1World): Promise<string> {
  const { email, token } = await anOwner(world);
  await world.post('/tenants', { name: 'Second' }, { token });
  return (await world.post('/auth/login', { email, password: PASSWORD })).body.sessionToken;
}
