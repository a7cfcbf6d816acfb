import { OPERATOR, type UserActor, type Visitor } from '../../src/application/actor.ts';
import type { SignedIn } from '../../src/application/authentication/sign-in.ts';
import type { TokenPair } from '../../src/application/authentication/token-pairs.ts';
import { createIam, type Iam } from '../../src/application/iam.ts';
import { defaultPolicy } from '../../src/application/policy.ts';
import type { ProviderOutcome } from '../../src/application/providers/answer-provider.ts';
import type { ConfigureProviderInput } from '../../src/application/providers/configure-provider.ts';
import type { Dialect } from '../../src/domain/events.ts';
import type { ProviderId } from '../../src/domain/project/auth-provider.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { ProjectSettingsPatch } from '../../src/domain/project/project-settings.ts';
import type { ProviderLinkState } from '../../src/domain/user/provider-link.ts';
import type { UserId, UserState } from '../../src/domain/user/user.ts';
import type { ExternalIdentity, Wallet } from '../../src/ports/auth-provider.ts';
import { anIdentity, answerOfProvider, answerOfWallet, inMemoryProviders } from '../support/a-provider.ts';
import { actorOf, anIam, aProjectOf, at, from, type TestIam } from '../support/an-iam.ts';
import { Phone } from '../support/authenticator.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';

export const ACME = 'acme' as ProviderId;
export const GLOBEX = 'globex' as ProviderId;
export const WALLET = 'wallet' as ProviderId;
export const RETURN_TO = 'https://app.example.test/welcome';
export const policy = { ...defaultPolicy, allowedReturnUrls: [RETURN_TO] };

/** An installed platform whose providers live in the process. */
export function anIamWithProviders(): Promise<TestIam> {
  return anIam(() => ({ passwordHasher: aQuickHasher(), providerAdapters: inMemoryProviders() }), policy);
}

/** A project with two providers and wallets. */
export async function aProjectWithProviders(test: TestIam, settings: ProjectSettingsPatch = {}): Promise<ProjectState> {
  const project = await aProjectOf(test, { v1Enabled: true, ...settings });
  await offerProviders(test, project);
  return project;
}

export async function offerProviders(test: TestIam, project: Pick<ProjectState, 'id'>): Promise<void> {
  for (const id of [ACME, GLOBEX]) await configure(test, project, { id, name: id.toUpperCase(), clientId: id });
  await configure(test, project, { id: WALLET, name: 'Wallet', type: 'wallet' });
}

export function configure(
  { iam }: TestIam,
  { id: projectId }: Pick<ProjectState, 'id'>,
  given: Pick<ConfigureProviderInput, 'id'> & Partial<ConfigureProviderInput>,
) {
  return iam.providers.configureProvider.execute(OPERATOR, { projectId, name: 'Acme', type: 'oidc', ...given });
}

export function switchTo(
  { iam }: TestIam,
  { id: projectId }: Pick<ProjectState, 'id'>,
  id: ProviderId,
  enabled: boolean,
) {
  return iam.providers.changeProvider.execute(OPERATOR, { projectId, id, enabled });
}

/** Goes to the provider, signs in there, and comes back. */
export async function comeBy(
  { iam }: Pick<TestIam, 'iam'>,
  visitor: Visitor,
  identity: ExternalIdentity,
  { providerId = ACME, returnTo }: { readonly providerId?: ProviderId; readonly returnTo?: string } = {},
): Promise<ProviderOutcome> {
  const started = await iam.providers.startSignIn.execute(visitor, { providerId, returnTo });
  const { state, verifier } = started;
  const answer = answerOfProvider(started, identity);
  return iam.providers.answerProvider.execute(visitor, { providerId, state, verifier, answer });
}

/** The browser's way: what comes back in the address of the page, with the verifier that goes with it. */
export async function codeFor(
  { iam }: Pick<TestIam, 'iam'>,
  visitor: Visitor,
  identity: ExternalIdentity,
  providerId = ACME,
): Promise<{ readonly code: string; readonly verifier: string }> {
  const started = await iam.providers.startSignIn.execute(visitor, { providerId, returnTo: RETURN_TO });
  const answer = answerOfProvider(started, identity);
  const { state, verifier } = started;
  const outcome = await iam.providers.answerProvider.execute(visitor, { providerId, state, answer });
  return { code: returnedWith(outcome).code ?? '', verifier };
}

export function returnedWith(outcome: ProviderOutcome): Readonly<Record<string, string>> {
  if (outcome.kind !== 'return') throw new Error(`did not return: ${outcome.kind}`);
  return outcome.parameters;
}

export async function comeByWallet({ iam }: TestIam, visitor: Visitor, wallet: Wallet): Promise<ProviderOutcome> {
  const started = await iam.providers.startSignIn.execute(visitor, { providerId: WALLET, wallet });
  const { state, verifier } = started;
  const answer = answerOfWallet(started, wallet);
  return iam.providers.answerProvider.execute(visitor, { providerId: WALLET, state, verifier, answer });
}

export function signedInBy(outcome: ProviderOutcome): Extract<SignedIn, { readonly kind: 'signed-in' }> {
  if (outcome.kind !== 'signed-in') throw new Error(`not signed in: ${outcome.kind}`);
  return outcome;
}

/** Somebody who came by a provider and has nothing else. */
export interface Newcomer {
  readonly identity: ExternalIdentity;
  readonly visitor: Visitor;
  readonly tokens: TokenPair;
  readonly actor: UserActor;
}

export async function aNewcomer(
  test: TestIam,
  project: Pick<ProjectState, 'id'>,
  { dialect = 'v1', ...given }: Partial<ExternalIdentity> & { readonly dialect?: Dialect } = {},
): Promise<Newcomer> {
  const identity = anIdentity(given);
  const visitor = at(project, dialect, from('192.0.2.1'));
  const { tokens } = signedInBy(await comeBy(test, visitor, identity));
  return { identity, visitor, tokens, actor: await actorOf(test, visitor, tokens.accessToken) };
}

export async function aWalletHolder(test: TestIam, project: Pick<ProjectState, 'id'>, wallet: Wallet) {
  const visitor = at(project, 'v1');
  const { tokens } = signedInBy(await comeByWallet(test, visitor, wallet));
  return { wallet, visitor, tokens, actor: await actorOf(test, visitor, tokens.accessToken) };
}

/** Enrols an authenticator app. */
export async function withPhone<Person extends Pick<Newcomer, 'actor'>>(
  { iam, clock }: TestIam,
  person: Person,
): Promise<Person & { readonly phone: Phone }> {
  const { secret } = await iam.mfa.setUpTotp.execute(person.actor, {});
  const phone = new Phone(secret, clock);
  await iam.mfa.confirmTotp.execute(person.actor, { code: await phone.code() });
  return { ...person, phone };
}

/** From a round trip that the person has started in this session. */
export async function link(
  { iam }: Pick<TestIam, 'iam'>,
  actor: UserActor,
  identity: ExternalIdentity = anIdentity(),
  providerId: ProviderId = GLOBEX,
) {
  const { userId } = actor;
  const started = await iam.providers.startLink.execute(actor, { userId, providerId });
  const { state, verifier } = started;
  const answer = answerOfProvider(started, identity);
  return iam.providers.finishLink.execute(actor, { userId, providerId, state, verifier, answer });
}

export function peopleOf({ store }: TestIam, { id }: Pick<ProjectState, 'id'>): readonly UserState[] {
  return [...store.users.entries()].map(([, user]) => user).filter(({ projectId }) => projectId === id);
}

export function linksOf({ store }: TestIam, userId: UserId): readonly ProviderLinkState[] {
  return [...store.providerLinks.entries()].map(([, link]) => link).filter((link) => link.userId === userId);
}

/** Another process over the same store. */
export function anotherProcess(test: TestIam, ports: Partial<TestIam['ports']> = {}): Iam {
  return createIam({ ...test.ports, ...ports }, policy);
}

/** Another process, in which something happens once between the look and the commit whose outcome it is. */
export function meanwhile(test: TestIam, outcome: (answer: unknown) => boolean, happen: () => Promise<unknown>): Iam {
  let next: (() => Promise<unknown>) | undefined = happen;
  return anotherProcess(test, {
    unitOfWork: {
      run: (work) =>
        test.ports.unitOfWork.run(async (repositories) => {
          const answer = await work(repositories);
          if (!outcome(answer)) return answer;
          const now = next;
          next = undefined;
          await now?.();
          return answer;
        }),
    },
  });
}

export function has(name: string): (answer: unknown) => boolean {
  return (answer) => typeof answer === 'object' && answer !== null && name in answer;
}
