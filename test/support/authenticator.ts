import type { UserActor, Visitor } from '../../src/application/actor.ts';
import type { RegisterInput } from '../../src/application/authentication/register.ts';
import type { TokenPair } from '../../src/application/authentication/token-pairs.ts';
import { actorOf, aLoggedInUser, aRegisteredUser, type LoggedInUser, signIn, type TestIam } from './an-iam.ts';
import { codeAt, wrongCodesAt } from './authenticator-app.ts';
import { type SettableClock, secondsAfter } from './clock.ts';

/** The app on somebody's phone, which goes by the clock of the test. */
export class Phone {
  readonly secret: string;
  readonly #clock: SettableClock;

  constructor(secret: string, clock: SettableClock) {
    this.secret = secret;
    this.#clock = clock;
  }

  /** What it shows, so many seconds from now. */
  code(seconds = 0): Promise<string> {
    return codeAt(this.secret, secondsAfter(this.#clock.now(), seconds));
  }

  /** Waits for a code that it has not shown yet. */
  nextCode(): Promise<string> {
    this.#clock.advance(30);
    return this.code();
  }

  wrongCodes(count: number): Promise<readonly string[]> {
    return wrongCodesAt(this.secret, this.#clock.now(), count);
  }

  async wrongCode(): Promise<string> {
    const [code = ''] = await this.wrongCodes(1);
    return code;
  }
}

/** Signed in, over v1 with a proven address. */
export async function someoneWhoMayEnrol(
  test: TestIam,
  visitor: Visitor,
  given: Partial<RegisterInput> = {},
): Promise<LoggedInUser> {
  if (visitor.dialect === 'gate') return aLoggedInUser(test, visitor, given);
  const user = await aRegisteredUser(test, visitor, given);
  await test.iam.account.verifyEmailByLink.execute(visitor, await test.mailTo(user.email, 'verify-email-link'));
  return { ...user, ...(await signIn(test, visitor, user)) };
}

export interface ProtectedUser extends LoggedInUser {
  readonly phone: Phone;
  /** Of the set-up: over v1 ten, over the Gate none. */
  readonly recoveryCodes: readonly string[];
}

/** With an authenticator app in force, and the session in which it was confirmed. */
export async function aProtectedUser(
  test: TestIam,
  visitor: Visitor,
  given: Partial<RegisterInput> = {},
): Promise<ProtectedUser> {
  const user = await someoneWhoMayEnrol(test, visitor, given);
  const { secret, recoveryCodes } = await test.iam.mfa.setUpTotp.execute(user.actor, {});
  const phone = new Phone(secret, test.clock);
  await test.iam.mfa.confirmTotp.execute(user.actor, { code: await phone.code() });
  return { ...user, phone, recoveryCodes };
}

type Credentials = Pick<ProtectedUser, 'email' | 'password'>;

/** The first half of a sign-in over the Gate. */
export async function aTicketFor({ iam }: TestIam, visitor: Visitor, { email, password }: Credentials) {
  const outcome = await iam.authentication.login.execute(visitor, { email, password });
  if (outcome.kind !== 'second-factor') throw new Error('no code was asked for');
  return outcome.ticket;
}

/** Another session, opened with a code that the phone has not shown yet. */
export async function signInWithCode(
  test: TestIam,
  visitor: Visitor,
  { phone, ...user }: Credentials & Pick<ProtectedUser, 'phone'>,
): Promise<{ readonly tokens: TokenPair; readonly actor: UserActor; readonly lastLoginMethod: string | null }> {
  const code = await phone.nextCode();
  const { tokens, lastLoginMethod } = await enter(test, visitor, user, code);
  return { tokens, lastLoginMethod, actor: await actorOf(test, visitor, tokens.accessToken) };
}

async function enter(test: TestIam, visitor: Visitor, user: Credentials, code: string) {
  if (visitor.dialect === 'gate') {
    const ticket = await aTicketFor(test, visitor, user);
    return test.iam.authentication.loginWithTicket.execute(visitor, { ticket, code });
  }
  const { email, password } = user;
  const outcome = await test.iam.authentication.login.execute(visitor, { email, password, mfaCode: code });
  if (outcome.kind !== 'signed-in') throw new Error('several tenants');
  return outcome;
}
