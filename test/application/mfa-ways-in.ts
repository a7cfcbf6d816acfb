import type { UserActor } from '../../src/application/actor.ts';
import type { TokenPair } from '../../src/application/authentication/token-pairs.ts';
import { at } from '../support/an-iam.ts';
import { aTicketFor } from '../support/authenticator.ts';
import {
  aRecoveredSelection,
  aRecoveryCode,
  aSelection,
  type Person,
  prefersRootTenant,
  type WaysOf,
} from './mfa-person.ts';
import { put, WRONG_CODE } from './recovery-person.ts';

/** Where sessions come from, and the factor itself: with what comes before a code, and with one. */
export const WAYS_IN = {
  'authentication.login': [
    [
      'with the password',
      { gate: 'nothing', v1: 'mfa-required' },
      ({ iam, visitor, email, password }) => iam.authentication.login.execute(visitor, { email, password }),
    ],
    [
      'with a wrong code',
      { gate: 'nothing', v1: 'mfa-invalid' },
      async ({ iam, visitor, email, password, phone }) =>
        iam.authentication.login.execute(visitor, { email, password, mfaCode: await phone.wrongCode() }),
    ],
    [
      'with a code, to a choice of tenants',
      'nothing',
      async ({ iam, visitor, email, password, phone }) =>
        iam.authentication.login.execute(visitor, { email, password, mfaCode: await phone.nextCode() }),
    ],
    [
      'with a code',
      { gate: 'nothing', v1: 'a session' },
      async (person) => {
        prefersRootTenant(person);
        const { iam, visitor, email, password, phone } = person;
        return iam.authentication.login.execute(visitor, { email, password, mfaCode: await phone.nextCode() });
      },
    ],
    [
      'with the password, to a locked account',
      { gate: 'nothing', v1: 'mfa-required' },
      (person) => {
        put(person.test, person, { status: 'locked' });
        const { iam, visitor, email, password } = person;
        return iam.authentication.login.execute(visitor, { email, password });
      },
    ],
    [
      'with a code, to a locked account',
      { gate: 'nothing', v1: 'a session' },
      async (person) => {
        prefersRootTenant(person);
        put(person.test, person, { status: 'locked' });
        const { iam, visitor, email, password, phone } = person;
        return iam.authentication.login.execute(visitor, { email, password, mfaCode: await phone.nextCode() });
      },
    ],
  ],
  'authentication.loginWithTicket': [
    [
      'with a wrong code',
      { gate: 'mfa-invalid', v1: 'token-invalid' },
      async (person) => withTicket(person, await person.phone.wrongCode()),
    ],
    [
      'with a code',
      { gate: 'a session', v1: 'token-invalid' },
      async (person) => withTicket(person, await person.phone.nextCode()),
    ],
    [
      'with a wrong code, to a locked account',
      { gate: 'mfa-invalid', v1: 'token-invalid' },
      async (person) => {
        put(person.test, person, { status: 'locked' });
        return withTicket(person, await person.phone.wrongCode());
      },
    ],
  ],
  'authentication.register': [
    [
      'with the same address',
      'email-already-registered',
      ({ iam, visitor, email, password }) => iam.authentication.register.execute(visitor, { email, password }),
    ],
  ],
  'authentication.refreshSession': [
    [
      'of the time before',
      'token-invalid',
      ({ iam, visitor, before }) => iam.authentication.refreshSession.execute(visitor, before.tokens),
    ],
    [
      'of this session',
      'nothing',
      ({ iam, visitor, tokens }) => iam.authentication.refreshSession.execute(visitor, tokens),
    ],
  ],
  'authentication.selectTenant': [
    ['from the time before', 'token-invalid', (person) => selectTenant(person, person.selectionBefore)],
    [
      'after a code',
      'a session',
      async (person) => selectTenant(person, await aSelection(person, await person.phone.nextCode())),
    ],
    [
      'after a recovery code',
      'a recovered session',
      async (person) => selectTenant(person, await aRecoveredSelection(person)),
    ],
    [
      'with a login ticket',
      'token-invalid',
      async (person) => selectTenant(person, await aTicketFor(person.test, at(person.project, 'gate'), person)),
    ],
  ],
  'authentication.switchTenant': [
    ['from the time before', 'token-invalid', (person) => switchTenant(person, person.before)],
    ['from this session', 'a session', (person) => switchTenant(person, person)],
  ],
  'authentication.reauthenticate': [
    [
      'with the password',
      'mfa-required',
      ({ iam, actor, password }) => iam.authentication.reauthenticate.execute(actor, { password }),
    ],
    [
      'in a session of the time before',
      'token-invalid',
      async ({ iam, before, password, phone }) =>
        iam.authentication.reauthenticate.execute(before.actor, { password, mfaCode: await phone.nextCode() }),
    ],
    [
      'with a code',
      'nothing',
      async ({ iam, actor, password, phone }) =>
        iam.authentication.reauthenticate.execute(actor, { password, mfaCode: await phone.nextCode() }),
    ],
  ],
  'authentication.authenticate': [
    ['with a token of the time before', 'token-invalid', (person) => authenticate(person, person.before)],
    ['with a token of this session', 'nothing', (person) => authenticate(person, person)],
  ],
  'authentication.logout': [
    ['of this session', 'nothing', ({ iam, visitor, tokens }) => iam.authentication.logout.execute(visitor, tokens)],
  ],
  'authentication.endOwnSession': [
    ['of this session', 'nothing', ({ iam, actor }) => iam.authentication.endOwnSession.execute(actor, {})],
  ],
  'authentication.impersonate': [
    [
      'as another member',
      'forbidden',
      ({ iam, actor }) =>
        iam.authentication.impersonate.execute(actor, { tenantId: actor.tenantId, reason: 'support_request' }),
    ],
  ],
  'mfa.setUpTotp': [
    [
      'of another secret',
      'mfa-already-enabled',
      ({ iam, actor, password }) => iam.mfa.setUpTotp.execute(actor, { password }),
    ],
  ],
  'mfa.confirmTotp': [
    [
      'once more',
      'mfa-already-enabled',
      async ({ iam, actor, phone }) => iam.mfa.confirmTotp.execute(actor, { code: await phone.nextCode() }),
    ],
  ],
  'mfa.disableTotp': [
    [
      'with a wrong code',
      'mfa-invalid',
      async ({ iam, actor, password, phone }) =>
        iam.mfa.disableTotp.execute(actor, { password, code: await phone.wrongCode() }),
    ],
    [
      'in a session of the time before',
      'token-invalid',
      async ({ iam, before, password, phone }) =>
        iam.mfa.disableTotp.execute(before.actor, { password, code: await phone.nextCode() }),
    ],
  ],
  'recovery.recover': [
    [
      'with a wrong code',
      'invalid-credentials',
      ({ iam, visitor, email }) => iam.recovery.recover.execute(visitor, { email, recoveryCode: WRONG_CODE }),
    ],
    [
      'with a code of the time before',
      'invalid-credentials',
      ({ iam, visitor, email, registered }) =>
        iam.recovery.recover.execute(visitor, { email, recoveryCode: registered.recoveryCodes[0] ?? WRONG_CODE }),
    ],
    ['with a code, to a choice of tenants', { v1: 'nothing' }, recover],
    [
      'with a code',
      'a recovered session',
      (person) => {
        prefersRootTenant(person);
        return recover(person);
      },
    ],
    [
      'with a code, to a locked account',
      'account-locked',
      async (person) => {
        const recoveryCode = await aRecoveryCode(person);
        put(person.test, person, { status: 'locked' });
        return person.iam.recovery.recover.execute(person.visitor, { email: person.email, recoveryCode });
      },
    ],
  ],
  'recovery.readRecoveryCodes': [
    ['of the person', 'nothing', ({ iam, actor }) => iam.recovery.readRecoveryCodes.execute(actor)],
  ],
  'recovery.regenerateRecoveryCodes': [
    [
      'with the password',
      'mfa-required',
      ({ iam, actor, password }) => iam.recovery.regenerateRecoveryCodes.execute(actor, { password }),
    ],
    [
      'with a wrong code',
      'mfa-invalid',
      async ({ iam, actor, password, phone }) =>
        iam.recovery.regenerateRecoveryCodes.execute(actor, { password, mfaCode: await phone.wrongCode() }),
    ],
    [
      'in a session of the time before',
      'token-invalid',
      async ({ iam, before, password, phone }) =>
        iam.recovery.regenerateRecoveryCodes.execute(before.actor, { password, mfaCode: await phone.nextCode() }),
    ],
    ['with a code', 'nothing', aRecoveryCode],
  ],
} as const satisfies WaysOf<'authentication' | 'mfa' | 'recovery'>;

async function recover(person: Person): Promise<unknown> {
  const recoveryCode = await aRecoveryCode(person);
  return person.iam.recovery.recover.execute(person.visitor, { email: person.email, recoveryCode });
}

async function withTicket({ iam, test, project, visitor, ...user }: Person, code: string): Promise<unknown> {
  const ticket = await aTicketFor(test, at(project, 'gate'), user);
  return iam.authentication.loginWithTicket.execute(visitor, { ticket, code });
}

function selectTenant({ iam, project, visitor }: Person, sessionToken: string): Promise<TokenPair> {
  return iam.authentication.selectTenant.execute(visitor, { sessionToken, tenantId: project.rootTenantId });
}

function switchTenant({ iam, project }: Person, { actor }: { readonly actor: UserActor }): Promise<TokenPair> {
  return iam.authentication.switchTenant.execute(actor, { tenantId: project.rootTenantId });
}

function authenticate({ iam, visitor }: Person, { tokens }: { readonly tokens: TokenPair }): Promise<UserActor> {
  const { dialect, origin } = visitor;
  return iam.authentication.authenticate.execute({ token: tokens.accessToken, dialect, origin });
}
