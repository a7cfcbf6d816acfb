import { beforeAll, describe, expect, it } from 'vitest';
import { HashGate } from '../../src/adapters/crypto/hash-gate.ts';
import { createIam } from '../../src/application/iam.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import {
  aLoggedInUser,
  anIam,
  aProjectOf,
  aRegisteredUser,
  at,
  from,
  OTHER_PASSWORD,
  PASSWORD,
  signIn,
  type TestIam,
} from '../support/an-iam.ts';
import { anEmail } from '../support/builders.ts';
import { CountingHasher } from '../support/counting-hasher.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';

const MINUTES = 60;
const DAYS = 24 * 60 * MINUTES;

let test: TestIam;
let hasher: CountingHasher;
let project: ProjectState;
beforeAll(async () => {
  hasher = new CountingHasher(aQuickHasher());
  test = await anIam(() => ({ passwordHasher: hasher }));
  project = await aProjectOf(test);
});

let networks = 0;
/** A network that nobody has used yet. */
const aNetwork = () => {
  networks += 1;
  return from(`2001:db8:${networks.toString(16)}::/64`);
};
const login = (email: string, origin = aNetwork(), password = PASSWORD) =>
  test.iam.authentication.login.execute(at(project, 'gate', origin), { email, password });
const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'signed-in',
    (error: { code: string }) => error.code,
  );
const guess = (email: string, origin = aNetwork()) => codeOf(login(email, origin, OTHER_PASSWORD));

/** Wrong guesses, one after the other; how each was answered. */
async function guesses(count: number, email: string, origin?: ReturnType<typeof aNetwork>): Promise<readonly string[]> {
  const answers: string[] = [];
  for (let done = 0; done < count; done += 1) answers.push(await guess(email, origin));
  return answers;
}

const somebody = async () => (await aRegisteredUser(test, at(project, 'gate', aNetwork()))).email;

it('a sign-in that finds no place at the hashes costs no attempt', async () => {
  const gate = new HashGate({ concurrency: 1, memoryKib: 1024, queue: 0, deadlineMs: 5_000 });
  const busy = createIam({ ...test.ports, passwordHasher: aQuickHasher(gate) });
  const email = await somebody();
  const origin = aNetwork();
  const signIn = () =>
    codeOf(busy.authentication.login.execute(at(project, 'gate', origin), { email, password: PASSWORD }));
  let leave: () => void = () => {};
  const running = gate.run(
    32,
    () =>
      new Promise<void>((resolve) => {
        leave = resolve;
      }),
  );
  for (let turnedAway = 0; turnedAway < 40; turnedAway += 1) expect(await signIn()).toBe('overloaded');
  leave();
  await running;
  expect(await signIn()).toBe('signed-in');
});

describe.each([
  ['a known address', somebody],
  ['an address that nobody has', async () => anEmail()],
])('guesses at the password of %s', (_, anAddress) => {
  it('are ten in a quarter of an hour from one network, the right password among them or not', async () => {
    const email = await anAddress();
    const origin = aNetwork();
    expect(await guesses(10, email, origin)).toEqual(Array(10).fill('invalid-credentials'));
    await expect(login(email, origin)).rejects.toMatchObject({
      code: 'rate-limited',
      details: { retryAfterSeconds: 15 * MINUTES },
    });
    test.clock.advance(15 * MINUTES - 1);
    await expect(login(email, origin)).rejects.toMatchObject({ details: { retryAfterSeconds: 1 } });
    test.clock.advance(1);
    expect(await guess(email, origin)).toBe('invalid-credentials');
  });

  it('are thirty from all strangers together', async () => {
    const email = await anAddress();
    expect(await guesses(30, email)).toEqual(Array(30).fill('invalid-credentials'));
    expect(await guess(email)).toBe('rate-limited');
    test.clock.advance(15 * MINUTES);
    expect(await guess(email)).toBe('invalid-credentials');
  });

  it('are never evaluated more often than the budget allows, however many come at once', async () => {
    const email = await anAddress();
    const origin = aNetwork();
    const before = hasher.evaluations;
    const answers = await Promise.all(Array.from({ length: 40 }, () => guess(email, origin)));
    expect(hasher.evaluations - before).toBe(10);
    expect(answers.filter((answer) => answer === 'rate-limited')).toHaveLength(30);
    await Promise.all(Array.from({ length: 40 }, () => guess(email)));
    expect(hasher.evaluations - before).toBe(30);
  });

  it('wait twice as long after every window that was used up, up to a day', async () => {
    const email = await anAddress();
    const origin = aNetwork();
    for (const minutes of [15, 30, 60, 120]) {
      await guesses(10, email, origin);
      await expect(login(email, origin)).rejects.toMatchObject({ details: { retryAfterSeconds: minutes * MINUTES } });
      test.clock.advance(minutes * MINUTES);
    }
    for (let window = 0; window < 6; window += 1) {
      await guesses(10, email, origin);
      test.clock.advance(DAYS);
    }
    const outcome = await login(email, origin, OTHER_PASSWORD).catch((error: unknown) => error);
    expect(outcome).toMatchObject({ code: 'rate-limited' });
  });
});

describe('a success', () => {
  it('starts the count anew', async () => {
    const email = await somebody();
    const origin = aNetwork();
    await guesses(9, email, origin);
    expect(await codeOf(login(email, origin))).toBe('signed-in');
    expect(await guesses(10, email, origin)).toEqual(Array(10).fill('invalid-credentials'));
    expect(await guess(email, origin)).toBe('rate-limited');
  });

  it('ends the doubling', async () => {
    const email = await somebody();
    const origin = aNetwork();
    await guesses(10, email, origin);
    test.clock.advance(15 * MINUTES);
    await login(email, origin);
    await guesses(10, email, origin);
    await expect(login(email, origin)).rejects.toMatchObject({ details: { retryAfterSeconds: 15 * MINUTES } });
  });
});

describe('a network that the account has signed in from', () => {
  it('keeps a budget of its own: strangers cannot lock the owner out', async () => {
    const email = await somebody();
    const home = aNetwork();
    await login(email, home);
    await guesses(31, email);
    expect(await guess(email)).toBe('rate-limited');
    expect(await codeOf(login(email, home))).toBe('signed-in');
    expect(await guess(email)).toBe('rate-limited');
  });

  it('is forgotten after thirty days', async () => {
    const email = await somebody();
    const home = aNetwork();
    await login(email, home);
    test.clock.advance(30 * DAYS);
    await guesses(30, email);
    expect(await codeOf(login(email, home))).toBe('rate-limited');
  });

  it('has ten guesses like any other', async () => {
    const email = await somebody();
    const home = aNetwork();
    await login(email, home);
    await guesses(10, email, home);
    expect(await codeOf(login(email, home))).toBe('rate-limited');
  });

  it('is none where the back end does not tell the address of the person', async () => {
    const email = await somebody();
    const unknown = { address: null, network: null, userAgent: null };
    await login(email, unknown);
    await guesses(30, email);
    expect(await codeOf(login(email, unknown))).toBe('rate-limited');
  });
});

describe('failures that mount', () => {
  it('are told to the person at thirty in a row, once, and to nobody where nobody has the address', async () => {
    const email = await somebody();
    const nobody = anEmail();
    for (const address of [email, nobody]) await guesses(29, address);
    expect(await test.mailsTo(email, 'sign-in-attempts')).toEqual([]);
    for (const address of [email, nobody]) await guesses(1, address);
    test.clock.advance(15 * MINUTES);
    for (const address of [email, nobody]) await guesses(5, address);
    expect(await test.mailsTo(email, 'sign-in-attempts')).toEqual([{ kind: 'sign-in-attempts', failures: 30 }]);
    expect(await test.mailsTo(nobody, 'sign-in-attempts')).toEqual([]);
  });

  it('close the account to strangers at a hundred, whatever they know, and not to familiar networks', async () => {
    const email = await somebody();
    const home = aNetwork();
    await login(email, home);
    while ((await failuresOf(email)) < 100) {
      if ((await guess(email)) === 'rate-limited') test.clock.advance(DAYS / 2);
    }
    test.clock.advance(DAYS);
    const before = hasher.evaluations;
    expect(await codeOf(login(email))).toBe('rate-limited');
    expect(hasher.evaluations).toBe(before);
    expect(await codeOf(login(email, home))).toBe('signed-in');
    expect(await codeOf(login(email))).toBe('signed-in');
  });

  it('stay open to a mailed code, which forgives them', async () => {
    const email = await somebody();
    while ((await failuresOf(email)) < 100) {
      if ((await guess(email)) === 'rate-limited') test.clock.advance(DAYS / 2);
    }
    test.clock.advance(DAYS);
    expect(await codeOf(login(email))).toBe('rate-limited');
    const visitor = at(project, 'gate', aNetwork());
    await test.iam.account.requestPasswordReset.execute(visitor, { email });
    const { otp } = await test.mailTo(email, 'reset-password-otp');
    await test.iam.account.resetPasswordByCode.execute(visitor, { email, otp, newPassword: OTHER_PASSWORD });
    expect(await codeOf(login(email, aNetwork(), OTHER_PASSWORD))).toBe('signed-in');
  });

  it('that are used up for everybody are given back by a mailed code, and so is the own network', async () => {
    const email = await somebody();
    const here = aNetwork();
    for (let guessed = 0; guessed < 10; guessed += 1) await guess(email, here);
    for (let guessed = 0; guessed < 30; guessed += 1) await guess(email);
    expect(await codeOf(login(email, here))).toBe('rate-limited');
    const visitor = at(project, 'gate', here);
    await test.iam.account.requestPasswordReset.execute(visitor, { email });
    const { otp } = await test.mailTo(email, 'reset-password-otp');
    await test.iam.account.resetPasswordByCode.execute(visitor, { email, otp, newPassword: OTHER_PASSWORD });
    expect(await codeOf(login(email, here, OTHER_PASSWORD))).toBe('signed-in');
  });

  const failuresOf = async (subject: string) => {
    const key = { projectId: project.id, budget: 'password-account', subject } as const;
    return (await test.ports.attemptBudget.look(key, test.clock.now())).failures;
  };
});

describe('asking somebody signed in for the password', () => {
  it('draws on the same budget: change and reauthentication open no second door', async () => {
    const origin = aNetwork();
    const user = await aLoggedInUser(test, at(project, 'gate', origin));
    const wrong = { currentPassword: OTHER_PASSWORD, newPassword: OTHER_PASSWORD };
    for (let guessed = 0; guessed < 5; guessed += 1) {
      expect(await codeOf(test.iam.account.changePassword.execute(user.actor, wrong))).toBe('invalid-credentials');
      const again = test.iam.authentication.reauthenticate.execute(user.actor, { password: OTHER_PASSWORD });
      expect(await codeOf(again)).toBe('invalid-credentials');
    }
    const right = test.iam.authentication.reauthenticate.execute(user.actor, { password: PASSWORD });
    expect(await codeOf(right)).toBe('rate-limited');
    expect(await codeOf(login(user.email, origin))).toBe('rate-limited');
    await expect(signIn(test, at(project, 'gate', aNetwork()), user)).resolves.toBeDefined();
  });

  it('leaves a trace of every failure, with the address and without the password', async () => {
    const origin = aNetwork();
    const email = anEmail();
    await guess(email, origin);
    expect(test.audited('auth.login.failed', { ip: origin.address })).toMatchObject([
      { userId: null, actorId: null, metadata: { email }, projectId: project.id },
    ]);
  });
});
