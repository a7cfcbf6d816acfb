import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Origin } from '../../src/application/actor.ts';
import type { Dialect } from '../../src/domain/events.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { BudgetName } from '../../src/ports/attempt-budget.ts';
import { anIam, aProjectOf, at, from, OTHER_PASSWORD, PASSWORD, type TestIam } from '../support/an-iam.ts';
import { aProtectedUser, aTicketFor, Phone, type ProtectedUser, someoneWhoMayEnrol } from '../support/authenticator.ts';
import { CountingAuthenticator } from '../support/counting-authenticator.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';

const MINUTES = 60;
const DAYS = 24 * 60 * MINUTES;

let test: TestIam;
let authenticator: CountingAuthenticator;
let project: ProjectState;
beforeAll(async () => {
  test = await anIam(({ totpAuthenticator }) => {
    authenticator = new CountingAuthenticator(totpAuthenticator);
    return { passwordHasher: aQuickHasher(), totpAuthenticator: authenticator };
  });
  project = await aProjectOf(test, { v1Enabled: true });
});

let networks = 0;
/** A network that nobody has used yet. */
const aNetwork = () => {
  networks += 1;
  return from(`2001:db8:${networks.toString(16)}::/64`);
};
const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );

/** Home is where the person set the factor up, and signed in from. */
let home: Origin;
let user: ProtectedUser;
beforeEach(async () => {
  home = aNetwork();
  user = await aProtectedUser(test, at(project, 'v1', home));
});

/** The ways to show a code, each with all that it takes besides. */
const login = (mfaCode?: string, origin = aNetwork(), password = PASSWORD) =>
  test.iam.authentication.login.execute(at(project, 'v1', origin), { email: user.email, password, mfaCode });
const withTicket = async (code: string, origin = aNetwork()) => {
  const visitor = at(project, 'gate', origin);
  const ticket = await aTicketFor(test, visitor, user);
  return test.iam.authentication.loginWithTicket.execute(visitor, { ticket, code });
};
const again = (mfaCode?: string, origin = aNetwork()) =>
  test.iam.authentication.reauthenticate.execute({ ...user.actor, origin }, { password: PASSWORD, mfaCode });
const disable = (code: string, origin = aNetwork()) =>
  test.iam.mfa.disableTotp.execute({ ...user.actor, origin }, { code, password: PASSWORD });
const surfaces = { login, withTicket, again, disable };

/** Wrong codes, one after the other; how each was answered. */
async function guesses(count: number, show: (code: string) => Promise<unknown> = (code) => login(code)) {
  const answers: string[] = [];
  for (const code of await user.phone.wrongCodes(count)) answers.push(await codeOf(show(code)));
  return answers;
}

describe('wrong codes', () => {
  it('are evaluated ten times in a quarter of an hour, however many come at once, and then the right one is not', async () => {
    const wrong = await user.phone.wrongCodes(100);
    const right = await user.phone.nextCode();
    const before = authenticator.evaluations;
    const answers = await Promise.all(wrong.map((code) => codeOf(login(code))));
    expect(authenticator.evaluations - before).toBe(10);
    expect(answers.filter((answer) => answer === 'mfa-invalid')).toHaveLength(10);
    expect(answers.filter((answer) => answer === 'rate-limited')).toHaveLength(90);
    await expect(login(right)).rejects.toMatchObject({
      code: 'rate-limited',
      details: { retryAfterSeconds: 15 * MINUTES },
    });
    expect(authenticator.evaluations - before).toBe(10);
  });

  it('are one budget over every surface and both dialects, at once', async () => {
    const shows = Object.values(surfaces);
    const wrong = await user.phone.wrongCodes(100);
    const before = authenticator.evaluations;
    const answers = await Promise.all(wrong.map((code, index) => codeOf((shows[index % 4] ?? login)(code))));
    expect(authenticator.evaluations - before).toBe(10);
    expect(answers).not.toContain('done');
    for (const show of shows) expect(await codeOf(show(await user.phone.code()))).toBe('rate-limited');
  });

  it('are five with one ticket, however many come at once', async () => {
    const visitor = at(project, 'gate', aNetwork());
    const ticket = await aTicketFor(test, visitor, user);
    const wrong = await user.phone.wrongCodes(100);
    const before = authenticator.evaluations;
    const answers = await Promise.all(
      wrong.map((code) => codeOf(test.iam.authentication.loginWithTicket.execute(visitor, { ticket, code }))),
    );
    expect(authenticator.evaluations - before).toBe(5);
    expect(answers.filter((answer) => answer === 'mfa-invalid')).toHaveLength(5);
    expect(answers.filter((answer) => answer === 'token-invalid')).toHaveLength(95);
  });

  it('get no new tries with a new ticket: ten stay ten', async () => {
    expect(await guesses(10, withTicket)).toEqual(Array(10).fill('mfa-invalid'));
    expect(await codeOf(withTicket(await user.phone.nextCode()))).toBe('rate-limited');
  });

  it('are counted at a set-up too', async () => {
    const enrolling = await someoneWhoMayEnrol(test, at(project, 'v1', aNetwork()));
    const { secret } = await test.iam.mfa.setUpTotp.execute(enrolling.actor, {});
    const phone = new Phone(secret, test.clock);
    const confirm = (code: string) => codeOf(test.iam.mfa.confirmTotp.execute(enrolling.actor, { code }));
    const before = authenticator.evaluations;
    const answers = await Promise.all((await phone.wrongCodes(100)).map(confirm));
    expect(authenticator.evaluations - before).toBe(10);
    expect(answers.filter((answer) => answer === 'rate-limited')).toHaveLength(90);
    expect(await confirm(await phone.code())).toBe('rate-limited');
    const another = new Phone((await test.iam.mfa.setUpTotp.execute(enrolling.actor, {})).secret, test.clock);
    expect(await confirm(await another.code())).toBe('rate-limited');
    test.clock.advance(15 * MINUTES);
    expect(await confirm(await another.code())).toBe('done');
  });

  it("are nobody else's, and not another project's", async () => {
    await guesses(10);
    const other = await aProtectedUser(test, at(project, 'v1', aNetwork()));
    const mfaCode = await other.phone.nextCode();
    const { email, password } = other;
    const signedIn = test.iam.authentication.login.execute(at(project, 'v1', home), { email, password, mfaCode });
    await expect(signedIn).resolves.toBeDefined();
  });

  it('wait twice as long after every window that was used up, up to a day', async () => {
    for (const minutes of [15, 30, 60, 120, 240, 480, 960, 1440, 1440]) {
      await guesses(10);
      await expect(login(await user.phone.code(), home)).rejects.toMatchObject({
        details: { retryAfterSeconds: minutes * MINUTES },
      });
      test.clock.advance(minutes * MINUTES);
    }
  });

  it('are told to the person at thirty in a row, once', async () => {
    for (const minutes of [15, 30]) {
      await guesses(10);
      test.clock.advance(minutes * MINUTES);
    }
    await guesses(9);
    expect(await test.mailsTo(user.email, 'sign-in-attempts')).toEqual([]);
    await guesses(1);
    test.clock.advance(DAYS);
    await guesses(5);
    expect(await test.mailsTo(user.email, 'sign-in-attempts')).toEqual([{ kind: 'sign-in-attempts', failures: 30 }]);
  });
});

describe('a right code', () => {
  it.each(Object.keys(surfaces) as (keyof typeof surfaces)[])('starts the count anew: %s', async (name) => {
    await guesses(9);
    await surfaces[name](await user.phone.nextCode());
    if (name === 'disable') return;
    expect(await guesses(10)).toEqual(Array(10).fill('mfa-invalid'));
    expect(await guesses(1)).toEqual(['rate-limited']);
  });

  it('ends the doubling', async () => {
    await guesses(10);
    test.clock.advance(15 * MINUTES);
    await login(await user.phone.nextCode());
    await guesses(10);
    await expect(login('000000')).rejects.toMatchObject({ details: { retryAfterSeconds: 15 * MINUTES } });
  });

  it('is nothing that a replay of it may claim: codes that were taken count as wrong ones', async () => {
    const code = await user.phone.nextCode();
    await login(code);
    for (let replay = 0; replay < 10; replay += 1) expect(await codeOf(login(code))).toBe('mfa-invalid');
    expect(await codeOf(login(await user.phone.nextCode()))).toBe('rate-limited');
  });
});

describe('a hundred wrong codes in a row', () => {
  const failures = async () => {
    const key = { projectId: project.id, budget: 'totp-account', subject: user.actor.userId } as const;
    return (await test.ports.attemptBudget.look(key, test.clock.now())).failures;
  };

  it('close the account to strangers, whatever they show, and not to a network that it signed in from', async () => {
    await login(await user.phone.nextCode(), home);
    while ((await failures()) < 100) {
      await guesses(10);
      test.clock.advance(DAYS);
    }
    const before = authenticator.evaluations;
    for (let stranger = 0; stranger < 12; stranger += 1) {
      expect(await codeOf(login(await user.phone.nextCode()))).toBe('rate-limited');
      expect(await codeOf(withTicket(await user.phone.code()))).toBe('rate-limited');
    }
    expect(authenticator.evaluations).toBe(before);
    expect(await codeOf(login(await user.phone.nextCode(), home))).toBe('done');
    expect(await codeOf(login(await user.phone.nextCode()))).toBe('done');
  });
});

describe('the password', () => {
  const attempts = (budget: BudgetName, subject: string) =>
    test.store.attempts.get(`${project.id} ${budget} ${subject}`)?.window?.used ?? 0;

  it('has a budget that wrong and missing codes leave alone', async () => {
    const origin = aNetwork();
    await Promise.all((await user.phone.wrongCodes(100)).map((code) => codeOf(login(code))));
    for (let missing = 0; missing < 20; missing += 1)
      expect(await codeOf(login(undefined, origin))).toBe('mfa-required');
    for (let half = 0; half < 20; half += 1) await aTicketFor(test, at(project, 'gate', origin), user);
    expect(attempts('password-account', user.email)).toBe(0);
    expect(attempts('password-prefix', `${user.email} ${origin.network}`)).toBe(0);
  });

  it('makes no network a familiar one without its code, on any surface', async () => {
    const thief = aNetwork();
    expect(await codeOf(login(undefined, thief))).toBe('mfa-required');
    expect(await codeOf(login(await user.phone.wrongCode(), thief))).toBe('mfa-invalid');
    await aTicketFor(test, at(project, 'gate', thief), user);
    expect(await codeOf(again(undefined, thief))).toBe('mfa-required');
    expect(await codeOf(disable(await user.phone.wrongCode(), thief))).toBe('mfa-invalid');
    for (let stranger = 0; stranger < 30; stranger += 1) {
      expect(await codeOf(login(undefined, aNetwork(), OTHER_PASSWORD))).toBe('invalid-credentials');
    }
    expect(await codeOf(login(undefined, thief))).toBe('rate-limited');
  });

  it.each<Dialect>(['gate', 'v1'])('makes its network familiar with its code over %s', async (dialect) => {
    const here = aNetwork();
    await (dialect === 'gate' ? withTicket : login)(await user.phone.nextCode(), here);
    for (let stranger = 0; stranger < 30; stranger += 1) await codeOf(login(undefined, aNetwork(), OTHER_PASSWORD));
    expect(await codeOf(login(undefined, aNetwork()))).toBe('rate-limited');
    expect(await codeOf(login(undefined, here))).toBe('mfa-required');
  });

  it.each<Dialect>(['gate', 'v1'])(
    'gives strangers nothing back when its owner signs in from home over %s',
    async (dialect) => {
      const enter = dialect === 'gate' ? withTicket : login;
      await enter(await user.phone.nextCode(), home);
      for (let stranger = 0; stranger < 30; stranger += 1) await codeOf(login(undefined, aNetwork(), OTHER_PASSWORD));
      expect(await codeOf(enter(await user.phone.nextCode(), home))).toBe('done');
      expect(await codeOf(login(undefined, aNetwork(), OTHER_PASSWORD))).toBe('rate-limited');
    },
  );

  it('still counts its wrong guesses, whatever code comes with them, and evaluates no code for them', async () => {
    const origin = aNetwork();
    const before = authenticator.evaluations;
    for (let wrong = 0; wrong < 10; wrong += 1) {
      expect(await codeOf(login(await user.phone.code(), origin, OTHER_PASSWORD))).toBe('invalid-credentials');
    }
    expect(await codeOf(login(await user.phone.code(), origin))).toBe('rate-limited');
    expect(authenticator.evaluations).toBe(before);
  });
});
