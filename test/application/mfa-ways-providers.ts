import { OPERATOR } from '../../src/application/actor.ts';
import { IamError } from '../../src/domain/errors.ts';
import { anIdentity, answerOfProvider } from '../support/a-provider.ts';
import { type Person, prefersRootTenant, type WaysOf } from './mfa-person.ts';
import { ACME, codeFor, comeBy, configure, GLOBEX, link, RETURN_TO } from './provider-people.ts';
import { put } from './recovery-person.ts';

/** By a provider, in the place of the password: the code is asked for all the same. */
export const WAYS_BY_PROVIDERS = {
  'providers.listSignInProviders': [
    ['as it is', 'nothing', ({ iam, visitor }) => iam.providers.listSignInProviders.execute(visitor)],
  ],
  'providers.startSignIn': [
    ['as it is', 'nothing', ({ iam, visitor }) => iam.providers.startSignIn.execute(visitor, { providerId: ACME })],
  ],
  'providers.answerProvider': [
    ['with a linked identity', 'mfa-required', async (person) => arrive(person, await linked(person))],
    [
      'with a linked identity, through a browser',
      'nothing',
      async (person) => comeBy(person, person.visitor, await linked(person), { returnTo: RETURN_TO }),
    ],
    [
      'with an identity that the same address joins',
      'mfa-required',
      (person) => arrive(proven(person), anIdentity({ email: person.email })),
    ],
    [
      'with a linked identity, to a locked account',
      'account-locked',
      async (person) => arrive(lockedOne(person), await linked(person)),
    ],
    [
      'with the end of a link',
      'nothing',
      async (person) => {
        const { iam, visitor, actor } = proven(person);
        const { userId } = actor;
        const started = await iam.providers.startLink.execute(actor, { userId, providerId: ACME });
        const { state, verifier } = started;
        const answer = answerOfProvider(started, anIdentity());
        return iam.providers.answerProvider.execute(visitor, { providerId: ACME, state, verifier, answer });
      },
    ],
  ],
  'providers.exchangeCode': [
    ['of this moment', 'mfa-required', async (person) => exchange(person, await codeOf(person))],
    [
      'of the time before',
      'token-invalid',
      async (person) => {
        const code = await codeOf(person);
        const mfaCode = await person.phone.nextCode();
        await person.iam.mfa.disableTotp.execute(person.actor, { code: mfaCode, password: person.password });
        put(person.test, person, { totpEnabledAt: person.test.clock.now() });
        return exchange(person, code);
      },
    ],
  ],
  'providers.answerMfaChallenge': [
    ['with a wrong code', 'mfa-invalid', async (person) => answer(person, await person.phone.wrongCode())],
    [
      'with a code, to a choice of tenants',
      { v1: 'nothing' },
      async (person) => answer(person, await person.phone.nextCode()),
    ],
    [
      'with a code',
      'a session',
      async (person) => {
        prefersRootTenant(person);
        return answer(person, await person.phone.nextCode());
      },
    ],
    [
      'with a code, to a locked account',
      'account-locked',
      async (person) => {
        const challengeToken = await challenge(person);
        return answer(lockedOne(person), await person.phone.nextCode(), challengeToken);
      },
    ],
  ],
  'providers.startLink': [
    [
      'of the person',
      'nothing',
      (person) => {
        const { iam, actor } = proven(person);
        return iam.providers.startLink.execute(actor, { ...actor, providerId: ACME });
      },
    ],
    [
      'in a session of the time before',
      'token-invalid',
      ({ iam, before }) => iam.providers.startLink.execute(before.actor, { ...before.actor, providerId: ACME }),
    ],
  ],
  'providers.finishLink': [
    ['of the person', 'nothing', linked],
    [
      'in a session of the time before',
      'token-invalid',
      async (person) => {
        const { iam, actor, before } = proven(person);
        const { userId } = actor;
        const started = await iam.providers.startLink.execute(actor, { userId, providerId: ACME });
        const back = { userId, providerId: ACME, ...started, answer: answerOfProvider(started, anIdentity()) };
        return iam.providers.finishLink.execute(before.actor, back);
      },
    ],
  ],
  'providers.unlink': [
    ['of the person', 'nothing', unlink],
    ['in a session of the time before', 'token-invalid', (person) => unlink(person, person.before)],
  ],
  'providers.listLinks': [
    ['of the person', 'nothing', ({ iam, actor }) => iam.providers.listLinks.execute(actor, actor.userId)],
  ],
  'providers.startReauthentication': [
    [
      'in the place of password and code',
      'validation-error',
      async (person) => {
        await linked(person);
        return person.iam.providers.startReauthentication.execute(person.actor, { providerId: ACME });
      },
    ],
  ],
  'providers.finishReauthentication': [
    [
      'that was never started',
      'token-invalid',
      async ({ iam, visitor, actor }) => {
        const started = await iam.providers.startSignIn.execute(visitor, { providerId: ACME });
        const back = { ...started, providerId: ACME, answer: answerOfProvider(started, anIdentity()) };
        return iam.providers.finishReauthentication.execute(actor, back);
      },
    ],
  ],
  'providers.configureProvider': [
    [
      'as it is',
      'nothing',
      ({ test, project, actor }) => configure(test, project, { id: slugOf(actor), clientId: 'x' }),
    ],
    [
      'by the person',
      'forbidden',
      ({ iam, project, actor }) =>
        iam.providers.configureProvider.execute(actor, {
          projectId: project.id,
          id: 'mine',
          name: 'Mine',
          type: 'oidc',
        }),
    ],
  ],
  'providers.changeProvider': [
    [
      'by the person',
      'forbidden',
      ({ iam, project, actor }) =>
        iam.providers.changeProvider.execute(actor, { projectId: project.id, id: GLOBEX, enabled: false }),
    ],
  ],
  'providers.removeProvider': [
    [
      'by the person',
      'forbidden',
      ({ iam, project, actor }) => iam.providers.removeProvider.execute(actor, { projectId: project.id, id: GLOBEX }),
    ],
  ],
  'providers.listProviders': [
    ['as it is', 'nothing', ({ iam, project }) => iam.providers.listProviders.execute(OPERATOR, project.id)],
    ['by the person', 'forbidden', ({ iam, project, actor }) => iam.providers.listProviders.execute(actor, project.id)],
  ],
} as const satisfies WaysOf<'providers'>;

type Identity = ReturnType<typeof anIdentity>;

/** Over the Gate somebody may have a factor before the address is proven; whoever links has proven it. */
function proven(person: Person): Person {
  put(person.test, person, { emailVerifiedAt: person.test.clock.now() });
  return person;
}

/** One that signs the person in. */
async function linked(person: Person): Promise<Identity> {
  const { iam, actor } = proven(person);
  const identity = anIdentity();
  await link({ iam }, actor, identity, ACME);
  return identity;
}

const arrive = (person: Person, identity: Identity) => comeBy(person, person.visitor, identity);

const codeOf = async (person: Person) => codeFor(person, person.visitor, await linked(person));

function exchange({ iam, visitor }: Person, code: Awaited<ReturnType<typeof codeOf>>): Promise<unknown> {
  return iam.providers.exchangeCode.execute(visitor, code);
}

async function challenge(person: Person): Promise<string> {
  const refusal = await arrive(person, await linked(person)).catch((error: unknown) => error);
  if (refusal instanceof IamError && refusal.is('mfa-required') && refusal.details)
    return refusal.details.challengeToken;
  throw new Error('no code was asked for');
}

async function answer(person: Person, code: string, challengeToken?: string): Promise<unknown> {
  const given = { challengeToken: challengeToken ?? (await challenge(person)), code };
  return person.iam.providers.answerMfaChallenge.execute(person.visitor, given);
}

async function unlink(person: Person, { actor }: Pick<Person, 'actor'> = person): Promise<unknown> {
  await linked(person);
  return person.iam.providers.unlink.execute(actor, { userId: actor.userId, providerId: ACME });
}

function lockedOne(person: Person): Person {
  put(person.test, person, { status: 'locked' });
  return person;
}

function slugOf({ sessionId }: Person['actor']): string {
  return `p-${sessionId}`;
}
