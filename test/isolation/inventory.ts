import { aColleague, anAddress, anOwner, aRole, type Person } from '../http/v1-people.ts';
import { aLink } from '../http/v1-round-trip.ts';
import { ACME, PASSWORD, type V1World } from '../http/v1-world.ts';

/** A tenant with something of everything that a request can name. */
export interface Inventory {
  readonly owner: Person;
  readonly member: Person;
  readonly removed: Person;
  readonly invited: { readonly id: string; readonly email: string; readonly invitation: string };
  readonly role: { readonly id: string; readonly slug: string };
  /** One of the owner's. */
  readonly session: string;
  readonly webhook: string;
  /** The first of which the webhook is to be told. */
  readonly event: string;
  /** The provider that signs the member in. */
  readonly linked: string;
}

/** `provider`: one that the people of the project may sign in with. */
export async function anInventory(world: V1World, provider = ACME): Promise<Inventory> {
  const owner = await anOwner(world);
  const by = { token: owner.token };
  const member = await aColleague(world, owner);
  const removed = await aColleague(world, owner);
  await world.call('DELETE', `/users/${removed.id}`, by);
  const email = anAddress();
  const invitation = (await world.post('/auth/invite', { email }, by)).body.id;
  const [{ id }] = (await world.get('/users?status=invited', owner.token)).body.data;
  const role = await aRole(world, owner, ['users.list']);
  const [session] = (await world.get('/auth/sessions', owner.token)).body.data;
  await aLink(world, member, provider);
  const invited = { id, email, invitation };
  const webhook = (await world.post('/webhooks', { url: 'https://hooks.example.com/' }, by)).body.id;
  await publishAll(world);
  const [event] = (await world.get('/events?type=webhook.created', owner.token)).body.data;
  const made = { role, session: session.id, webhook, event: event.id };
  return { owner, member, removed, invited, ...made, linked: provider };
}

/** What has happened so far is told. */
export async function publishAll({ iam }: V1World): Promise<void> {
  while ((await iam.webhooks.publishEvents.execute(1_000)) > 0);
}

/** The tenant is offered to its member. */
export async function anOffer(world: V1World, { owner, member }: Inventory): Promise<void> {
  const offer = { newOwnerId: member.id, password: PASSWORD };
  await world.post(`/tenants/${owner.tenantId}/transfer`, offer, { token: owner.token });
}

/** The second pages of an owner's lists. */
export async function cursorsOf(world: V1World, { owner, webhook }: Inventory) {
  const cursorOf = async (list: string): Promise<string> =>
    (await world.get(`${list}?limit=1`, owner.token)).body.pagination.nextCursor;
  await world.post('/auth/invite', { email: anAddress() }, { token: owner.token });
  await publishAll(world);
  return {
    usersCursor: await cursorOf('/users'),
    rolesCursor: await cursorOf('/roles'),
    invitationsCursor: await cursorOf('/invitations'),
    recordsCursor: await cursorOf('/audit/records'),
    eventsCursor: await cursorOf('/events'),
    deliveriesCursor: await cursorOf(`/webhooks/${webhook}/deliveries`),
  };
}

/** A role that the owner has made under an `Idempotency-Key`, which is its name as well. */
export async function aRepeatableRole(world: V1World, { owner }: Inventory): Promise<string> {
  const key = anAddress();
  await world.post('/roles', { name: key, permissions: [] }, { token: owner.token, headers: idempotent(key) });
  return key;
}

export function idempotent(key: string) {
  return { 'Idempotency-Key': key };
}
