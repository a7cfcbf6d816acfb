import { randomInt } from 'node:crypto';
import { anAddress } from '../http/v1-people.ts';
import type { V1World } from '../http/v1-world.ts';
import { anId } from '../support/builders.ts';
import { aRepeatableRole, cursorsOf, type Inventory } from './inventory.ts';

/** What a request can name of a tenant. */
export interface OfTenant {
  readonly tenant: string;
  readonly owner: string;
  readonly member: string;
  readonly removed: string;
  readonly invited: string;
  readonly invitation: string;
  readonly role: string;
  readonly slug: string;
  readonly session: string;
  readonly webhook: string;
  /** Of which the webhook is to be told. */
  readonly event: string;
  /** The provider that signs the member in. */
  readonly linked: string;
  /** Of the member. */
  readonly address: string;
  readonly ownerAddress: string;
  readonly removedAddress: string;
  readonly invitedAddress: string;
  readonly idempotencyKey: string;
  readonly usersCursor: string;
  readonly rolesCursor: string;
  readonly invitationsCursor: string;
  readonly recordsCursor: string;
  readonly eventsCursor: string;
  readonly deliveriesCursor: string;
  /** Of the member, whose sessions are nobody else's to end and of no use in the other API. */
  readonly refreshToken: string;
  readonly accessToken: string;
}

/** What a request can name of a project. */
export interface OfProject {
  readonly project: string;
  readonly apiKey: string;
  readonly kid: string;
}

/** What opens a door or means something in one project, and nothing in any other. */
export interface Local {
  readonly module: string;
  readonly provider: string;
  /** Somebody has come back with it, and it waits for the verifier. */
  readonly exchangeCode: string;
  readonly exchangeVerifier: string;
  /** It waits for the code of an app. */
  readonly challenge: string;
  /** An address whose password is known. */
  readonly account: string;
  readonly proof: string;
  readonly disowning: string;
  readonly reset: string;
  readonly invitationToken: string;
  readonly selection: string;
  readonly recoveryCode: string;
  readonly liveRefreshToken: string;
  readonly gateAccount: string;
  readonly otp: string;
  readonly resetOtp: string;
  readonly ticket: string;
  readonly gateRefreshToken: string;
  readonly gateAccessToken: string;
}

export type Named = OfTenant & OfProject & Local;

/** Where the project is the same, these are as good for the one as for the other. */
export const NOTHING_LOCAL: Local = {
  module: 'module-of-nobody',
  provider: 'provider-of-nobody',
  exchangeCode: 'xc_of-nobody',
  exchangeVerifier: 'pv_of-nobody',
  challenge: 'mc_of-nobody',
  account: 'nobody@example.test',
  proof: 'a-proof-of-nobody',
  disowning: 'a-word-of-nobody',
  reset: 'a-reset-of-nobody',
  invitationToken: 'an-invitation-of-nobody',
  selection: 'st_of-nobody',
  recoveryCode: 'NOBO-DYXX-XXXX',
  liveRefreshToken: 'rt_of-nobody',
  gateAccount: 'nobody-else@example.test',
  otp: '000000',
  resetOtp: '000001',
  ticket: 'a-ticket-of-nobody',
  gateRefreshToken: 'rt_of-nobody-else',
  gateAccessToken: 'eyJ-of-nobody',
};

export async function namesOf(world: V1World, inventory: Inventory): Promise<OfTenant> {
  const { owner, member, removed, invited, role, session, webhook, event, linked } = inventory;
  return {
    tenant: owner.tenantId,
    owner: owner.id,
    member: member.id,
    removed: removed.id,
    invited: invited.id,
    invitation: invited.invitation,
    role: role.id,
    slug: role.slug,
    session,
    webhook,
    event,
    linked,
    address: member.email,
    ownerAddress: owner.email,
    removedAddress: removed.email,
    invitedAddress: invited.email,
    idempotencyKey: await aRepeatableRole(world, inventory),
    ...(await cursorsOf(world, inventory)),
    refreshToken: member.refreshToken,
    accessToken: member.token,
  };
}

/** Of the same kinds, and nobody's. */
export function unknownLike<Names extends object>(names: Names): Names {
  return Object.fromEntries(Object.entries(names).map(([kind, name]) => [kind, another(name)])) as Names;
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const PREFIX = /^(?:rt|st|xc|pv|mc)_|^role-|^module|^eyJ/;

/** A name that looks like the given one. */
function another(name: string): string {
  if (UUID.test(name)) return anId();
  if (name.includes('@')) return anAddress();
  const prefix = PREFIX.exec(name)?.[0] ?? '';
  const rest = name.slice(prefix.length);
  return (
    prefix +
    rest
      .replaceAll(/[a-z]/g, () => oneOf(LETTERS))
      .replaceAll(/[A-Z]/g, () => oneOf(LETTERS.toUpperCase()))
      .replaceAll(/\d/g, () => oneOf('0123456789'))
  );
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const oneOf = (characters: string) => characters.charAt(randomInt(characters.length));
