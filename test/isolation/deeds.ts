import { aColleague, type Person } from '../http/v1-people.ts';
import { PASSWORD, type V1World } from '../http/v1-world.ts';
import type { Inventory } from './inventory.ts';
import type { Named } from './named.ts';
import { NAMELESS, OPEN_PROBES, type Own, PROBES } from './probes.ts';
import { send } from './sent.ts';
import { VALID } from './valid-requests.ts';

/** A tenant and everybody in it who does something. */
export interface Doers {
  readonly world: V1World;
  readonly inventory: Inventory;
  readonly own: Omit<Own, 'token'>;
  readonly callers: Readonly<Record<By, Person>>;
  /** What it is done to: the doers' own, another's, somebody's who belongs to both, nobody's. */
  readonly whose: Readonly<Record<Whose, Named>>;
}

const BY = ['owner', 'admin', 'member'] as const;
type By = (typeof BY)[number];
const WHOSE = ['own', 'theirs', 'shared', "nobody's"] as const;
type Whose = (typeof WHOSE)[number];

/** One request of a tenant. */
export interface Deed {
  readonly toString: () => string;
  /** Whether it is never left out. */
  readonly certain: boolean;
  do(doers: Doers): Promise<void>;
}

/** Signed in to the tenant, whatever other tenants they have come to. */
async function tokenOf(world: V1World, { email, tenantId }: Person): Promise<string> {
  const { body } = await world.post('/auth/login', { email, password: PASSWORD });
  if (body.sessionToken === undefined) return body.accessToken;
  const choice = { sessionToken: body.sessionToken, tenantId };
  return (await world.post('/auth/select-tenant', choice)).body.accessToken;
}

const naming: readonly Deed[] = Object.entries({ ...OPEN_PROBES, ...PROBES }).flatMap(([operation, probes]) =>
  probes.flatMap((probe, index) =>
    WHOSE.flatMap((which) =>
      BY.map(
        (caller): Deed => ({
          toString: () => `${operation} ${index + 1} by the ${caller}, ${which}`,
          certain: which === 'shared' && caller === 'owner',
          async do({ world, own, callers, whose }) {
            const token = await tokenOf(world, callers[caller]);
            await send(world, await probe(whose[which], { ...own, token }), { token });
          },
        }),
      ),
    ),
  ),
);

/** For this somebody else has to do something that everybody sees. */
const NOT_THEIRS = 'DELETE /modules/{name}';

/** What ends with the account of whoever does it is done by somebody new. */
const valid: readonly Deed[] = Object.entries(VALID)
  .filter(([operation]) => operation !== NOT_THEIRS)
  .map(([operation, make]) => ({
    toString: () => `${operation}, as it should be`,
    certain: true,
    async do({ world, callers }) {
      const token = await tokenOf(world, callers.owner);
      const host = { ...callers.owner, token };
      const self = await aColleague(world, host, ['admin']);
      const isOfAccount = NAMELESS.includes(operation) || operation in OPEN_PROBES;
      const sent = await make({ world, host: isOfAccount ? self : host, self, password: PASSWORD });
      await send(world, sent, { token: isOfAccount ? self.token : token });
    },
  }));

/** Everything that a tenant can do. */
export const DEEDS: readonly Deed[] = [...naming, ...valid];
