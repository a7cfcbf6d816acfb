import { OPERATOR } from '../../src/application/actor.ts';
import type { ApiKeyPermission } from '../../src/domain/project/api-key.ts';
import { aColleague, anOwner, type Person } from '../http/v1-people.ts';
import { OWNER, PASSWORD, type V1World } from '../http/v1-world.ts';
import type { By } from './sent.ts';

/** Somebody of whom the host may know something, or not. */
interface Caller {
  /** Whose account the calls are made from. */
  self(world: V1World, host: Person): Promise<Person>;
  /** How they show who they are. */
  by(world: V1World, host: Person, self: Person): Promise<By>;
  readonly password: string;
}

/** Of the platform project. */
async function byKey(world: V1World, permissions: readonly ApiKeyPermission[]): Promise<By> {
  const input = { projectId: world.platform.id, name: 'Server', permissions };
  const { key } = await world.iam.projects.createApiKey.execute(OPERATOR, input);
  return { headers: { 'X-API-Key': key } };
}

const theHost: Caller['self'] = async (_, host) => host;

/** Nobody who has an account of the tenant. */
const without = (by: (world: V1World) => Promise<By>): Caller => ({ self: theHost, by, password: PASSWORD });

const person = (self: Caller['self'], password = PASSWORD): Caller => ({
  self,
  by: async (_world, _host, { token }) => ({ token }),
  password,
});

export const CALLERS = {
  nobody: without(async () => ({})),
  'auth key': without((world) => byKey(world, ['auth'])),
  'manage key': without((world) => byKey(world, ['manage'])),
  member: person((world, host) => aColleague(world, host)),
  admin: person((world, host) => aColleague(world, host, ['admin'])),
  owner: person(theHost),
  platform: person(thePlatformOwner, OWNER.password),
  stranger: person((world) => anOwner(world)),
  acting: {
    self: theHost,
    async by(world, { tenantId }) {
      const input = { tenantId, reason: 'support_request' };
      const { body } = await world.post('/auth/impersonate', input, { token: await world.owner() });
      return { token: body.accessToken };
    },
    password: PASSWORD,
  },
  unproven: person(async (world) => {
    const { email, token, refreshToken, answer } = await world.person();
    return { id: answer.body.user.id, email, token, refreshToken, tenantId: answer.body.tenant.id };
  }),
} as const satisfies Readonly<Record<string, Caller>>;

export type CallerName = keyof typeof CALLERS;

export const CALLER_NAMES = Object.keys(CALLERS) as readonly CallerName[];

async function thePlatformOwner(world: V1World): Promise<Person> {
  const { accessToken: token, refreshToken } = (await world.post('/auth/login', OWNER)).body;
  const { id, tenantId } = (await world.get('/auth/me', token)).body;
  return { id, email: OWNER.email, token, refreshToken, tenantId };
}
