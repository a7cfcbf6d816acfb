import { OPERATOR } from '../../src/application/actor.ts';
import type { ApiKeyPermission } from '../../src/domain/project/api-key.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import { anAddress, anOwner, invitationTo } from '../http/v1-people.ts';
import { anExchangeCode, anMfaChallenge } from '../http/v1-round-trip.ts';
import { GENEROUS, latest, PASSWORD, type V1World } from '../http/v1-world.ts';
import { codeAt } from '../support/authenticator-app.ts';
import { anId } from '../support/builders.ts';
import { inProject } from './in-project.ts';
import { anInventory, anOffer, type Inventory } from './inventory.ts';
import { type Local, type Named, namesOf } from './named.ts';
import { aSelection } from './own.ts';

/** A project that serves both APIs, with something of everything that a request can name. */
export interface Party {
  readonly world: V1World;
  readonly inventory: Inventory;
  readonly names: Named;
  /** Keys of the project, as headers. */
  readonly auth: Readonly<Record<string, string>>;
  readonly manage: Readonly<Record<string, string>>;
}

const SETTINGS = {
  ...GENEROUS,
  v1Enabled: true,
  selfServiceTenants: true,
  emailVerificationRequired: false,
  signingAlgorithm: 'ES256',
  // However long it takes, they would still do.
  accessTokenTtlSeconds: 86_400,
} as const;

export async function aParty(platform: V1World): Promise<Party> {
  const { projects } = platform.iam;
  const { id } = await projects.createProject.execute(OPERATOR, { name: 'Shop', settings: SETTINGS });
  const world = inProject(platform, id);
  const auth = await aKey(world, id, ['auth']);
  const manage = await aKey(world, id, ['manage']);
  const provider = await aProvider(world, id);
  const inventory = await anInventory(world, provider);
  const [key] = await projects.listSigningKeys.execute(OPERATOR, id);
  const names = {
    ...(await namesOf(world, inventory)),
    ...{ project: id, apiKey: auth.id, kid: key?.kid ?? '' },
    ...(await ofV1(world, inventory, manage.headers)),
    ...(await ofTheProvider(world, provider)),
    ...(await ofTheGate(world, id, auth.headers)),
  };
  await anOffer(world, inventory);
  return { world, inventory, names, auth: auth.headers, manage: manage.headers };
}

async function aProvider({ iam }: V1World, projectId: ProjectId): Promise<string> {
  const id = `provider-${anId<string>().slice(-12)}`;
  const input = { projectId, id, name: 'Provider', type: 'oidc', clientId: 'c' };
  return (await iam.providers.configureProvider.execute(OPERATOR, input)).id;
}

async function aKey({ iam }: V1World, projectId: ProjectId, permissions: readonly ApiKeyPermission[]) {
  const { key, apiKey } = await iam.projects.createApiKey.execute(OPERATOR, { projectId, name: 'Server', permissions });
  return { id: apiKey.id, headers: { 'X-API-Key': key } };
}

type GateKind = 'gateAccount' | 'otp' | 'resetOtp' | 'ticket' | 'gateRefreshToken' | 'gateAccessToken';

/** Every secret is live: at its own door it would do what it is for. */
async function ofV1(
  world: V1World,
  { owner }: Inventory,
  manage: Readonly<Record<string, string>>,
): Promise<Omit<Local, GateKind | ProviderKind>> {
  const module = `module${anId<string>().slice(-12)}`;
  const permissions = [{ name: `${module}.read`, description: 'Read' }];
  await world.post('/modules', { name: module, permissions }, { headers: manage });
  const unproven = await world.person();
  const { token: proof, disownToken: disowning } = latest(await world.mailsTo(unproven.email), 'verify-email-link');
  const { email: forgetful } = await anOwner(world);
  await world.post('/auth/request-reset', { email: forgetful });
  const { token: reset } = latest(await world.mailsTo(forgetful), 'reset-password-link');
  const invitee = anAddress();
  await world.post('/auth/invite', { email: invitee }, { token: owner.token });
  const { email: account, answer, refreshToken: liveRefreshToken } = await world.person();
  return {
    ...{ module, proof, disowning, reset, account, liveRefreshToken },
    recoveryCode: answer.body.recoveryCodes[0],
    invitationToken: await invitationTo(world, invitee),
    selection: await aSelection(world),
  };
}

async function ofTheGate(
  world: V1World,
  project: string,
  headers: Readonly<Record<string, string>>,
): Promise<Pick<Local, GateKind>> {
  const gate = (surface: string, body: object, token?: string) =>
    world.post(`/api/v1/${surface.replace('/', `/${project}/auth/`)}`, body, { headers, token });
  const email = anAddress();
  const { access_token: token, refresh_token } = (await gate('gate/register', { email, password: PASSWORD })).body;
  await gate('gate/resend-verification', { email });
  const { otp } = latest(await world.mailsTo(email), 'verify-email-otp');
  await gate('gate/forgot-password', { email });
  const { otp: resetOtp } = latest(await world.mailsTo(email), 'reset-password-otp');
  return {
    ...{ gateAccount: email, otp, resetOtp, gateRefreshToken: refresh_token, gateAccessToken: token },
    ticket: await aTicket(world, gate),
  };
}

type ProviderKind = 'provider' | 'exchangeCode' | 'exchangeVerifier' | 'challenge';

async function ofTheProvider(world: V1World, provider: string): Promise<Pick<Local, ProviderKind>> {
  const { code: exchangeCode, verifier: exchangeVerifier } = await anExchangeCode(world, provider);
  return {
    provider,
    exchangeCode,
    exchangeVerifier,
    challenge: (await anMfaChallenge(world, provider)).challengeToken,
  };
}

type Gate = (surface: string, body: object, token?: string) => ReturnType<V1World['post']>;

/** Of somebody who has an authenticator app. */
async function aTicket(world: V1World, gate: Gate): Promise<string> {
  const { email, token } = await anOwner(world);
  const { secret } = (await world.call('POST', '/auth/mfa/enable', { token })).body;
  await world.post('/auth/mfa/verify', { code: await codeAt(secret, world.clock.now()) }, { token });
  return (await gate('gate/login', { email, password: PASSWORD })).body.login_ticket;
}
