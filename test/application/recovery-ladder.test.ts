import { beforeAll, describe, expect, it } from 'vitest';
import type { Visitor } from '../../src/application/actor.ts';
import { createIam, type Iam } from '../../src/application/iam.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { RecoveryCodeIssuer } from '../../src/ports/recovery-code-issuer.ts';
import { anIam, aProjectOf, at, from, signIn, type TestIam } from '../support/an-iam.ts';
import { anEmail } from '../support/builders.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { aHolder, answerOf, put, stateOf, WRONG_CODE } from './recovery-person.ts';

const MINUTES = 60;
const HOURS = 60 * MINUTES;
const DAYS = 24 * HOURS;

let test: TestIam;
let project: ProjectState;
let evaluations = 0;
beforeAll(async () => {
  test = await anIam(({ recoveryCodeIssuer }) => ({
    passwordHasher: aQuickHasher(),
    recoveryCodeIssuer: counted(recoveryCodeIssuer),
  }));
  project = await aProjectOf(test, { v1Enabled: true });
});

/** Works like the one behind it, and counts how often a code was evaluated. */
function counted(issuer: RecoveryCodeIssuer): RecoveryCodeIssuer {
  return {
    issue: (...given) => issuer.issue(...given),
    verify: (...given) => {
      evaluations += 1;
      return issuer.verify(...given);
    },
  };
}

let networks = 0;
/** Every guess from a network that nobody has used yet. */
const v1 = (of: Pick<ProjectState, 'id'> = project): Visitor => {
  networks += 1;
  return at(of, 'v1', from(`2001:db8:${networks.toString(16)}::/64`));
};
const show = (email: string, recoveryCode: string = WRONG_CODE, visitor = v1()) =>
  answerOf(test.iam.recovery.recover.execute(visitor, { email, recoveryCode }));
const showTo = (iam: Iam, email: string, recoveryCode: string) =>
  answerOf(iam.recovery.recover.execute(v1(), { email, recoveryCode }));

/** Another process over the same store, in which something happens once an attempt is reserved. */
function replica(happen: () => Promise<void>): Iam {
  const { ofUser, byEmail } = test.ports.recoveryCodesDirectory;
  const recoveryCodesDirectory: typeof test.ports.recoveryCodesDirectory = {
    ofUser,
    byEmail: async (...whose) => {
      const found = await byEmail(...whose);
      await happen();
      return found;
    },
  };
  return createIam({ ...test.ports, recoveryCodesDirectory });
}

function aLatch(): { readonly opened: Promise<void>; readonly open: () => void } {
  let release = () => {};
  const opened = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { opened, open: () => release() };
}

/** Wrong codes, one after the other; how each was answered. */
async function guesses(count: number, email: string, of = project): Promise<readonly string[]> {
  const answers: string[] = [];
  for (let done = 0; done < count; done += 1) answers.push(await show(email, WRONG_CODE, v1(of)));
  return answers;
}

/** Uses up so many windows, and waits an hour after each. */
async function locks(count: number, email: string, of = project): Promise<void> {
  for (let done = 0; done < count; done += 1) {
    await guesses(5, email, of);
    test.clock.advance(HOURS);
  }
}

const failuresAt = (email: string) =>
  test.store
    .auditRecords()
    .filter(({ action, metadata }) => action === 'auth.recovery.failed' && metadata?.email === email);

describe.each([
  ['a known address', async () => (await aHolder(test, v1())).email],
  ['an address that nobody has', async () => anEmail()],
  [
    'a disabled account',
    async () => {
      const user = await aHolder(test, v1());
      put(test, user, { status: 'disabled' });
      return user.email;
    },
  ],
])('wrong recovery codes for %s', (_, anAddress) => {
  it('are five in a quarter of an hour, and then none is evaluated for an hour', async () => {
    const email = await anAddress();
    expect(await guesses(5, email)).toEqual(Array(5).fill('invalid-credentials'));
    const before = evaluations;
    expect(await guesses(2, email)).toEqual(Array(2).fill(`account-locked ${HOURS}`));
    test.clock.advance(HOURS - 1);
    expect(await show(email)).toBe('account-locked 1');
    expect(evaluations).toBe(before);
    test.clock.advance(1);
    expect(await show(email)).toBe('invalid-credentials');
    expect(evaluations).toBe(before + 1);
  });

  it('wait an hour from the last of them, however long ago the first was', async () => {
    const email = await anAddress();
    await guesses(4, email);
    test.clock.advance(15 * MINUTES - 1);
    await guesses(1, email);
    expect(await show(email)).toBe(`account-locked ${HOURS}`);
  });

  it('are fifteen, and then no time opens it again', async () => {
    const email = await anAddress();
    await locks(2, email);
    expect(await guesses(5, email)).toEqual(Array(5).fill('invalid-credentials'));
    for (const seconds of [0, HOURS, DAYS, 29 * DAYS]) {
      test.clock.advance(seconds);
      expect(await show(email)).toBe('account-locked');
    }
    expect(failuresAt(email)).toHaveLength(15);
  });

  it('are fifteen however slowly they come', async () => {
    const email = await anAddress();
    for (let done = 0; done < 15; done += 1) {
      expect(await show(email)).toBe('invalid-credentials');
      test.clock.advance(20 * MINUTES);
    }
    expect(await show(email)).toBe('account-locked');
  });

  it('are evaluated five times of a hundred at once', async () => {
    const email = await anAddress();
    const before = evaluations;
    const answers = await Promise.all(Array.from({ length: 100 }, () => show(email)));
    expect(evaluations - before).toBe(5);
    expect(answers.filter((answer) => answer === 'invalid-credentials')).toHaveLength(5);
    expect(answers.filter((answer) => answer === `account-locked ${HOURS}`)).toHaveLength(95);
    expect(failuresAt(email)).toHaveLength(5);
  });
});

it('answers known and unknown addresses and accounts out of use the same at every step of the way', async () => {
  const [user, disabled] = [await aHolder(test, v1()), await aHolder(test, v1())];
  put(test, disabled, { status: 'disabled' });
  const answers = new Map<string, string[]>([user.email, disabled.email, anEmail()].map((email) => [email, []]));
  for (let step = 0; step < 60; step += 1) {
    for (const [email, given] of answers) given.push(await show(email));
    test.clock.advance(step % 6 === 5 ? 30 * MINUTES : MINUTES);
  }
  const [known, ...others] = answers.values();
  expect(known?.filter((answer) => answer === 'invalid-credentials')).toHaveLength(15);
  expect(known?.filter((answer) => /^account-locked \d+$/.test(answer)).length).toBeGreaterThan(10);
  expect(known?.filter((answer) => answer === 'account-locked').length).toBeGreaterThan(10);
  expect(others).toEqual([known, known]);
  expect(stateOf(test, user).status).toBe('locked');
});

describe('a right code', () => {
  it('is refused, and not looked at, while recovery is locked, and taken afterwards', async () => {
    const user = await aHolder(test, v1());
    const code = user.sheet.next();
    await guesses(5, user.email);
    const before = evaluations;
    expect(await show(user.email, code)).toBe(`account-locked ${HOURS}`);
    expect(evaluations).toBe(before);
    test.clock.advance(HOURS);
    expect(await show(user.email, code)).toBe('done');
  });

  it('is refused after a hundred wrong ones at once, which leave the budgets of the password alone', async () => {
    const user = await aHolder(test, v1());
    const here = v1();
    await Promise.all(Array.from({ length: 100 }, () => show(user.email, WRONG_CODE, here)));
    expect(await show(user.email, user.sheet.next(), here)).toBe(`account-locked ${HOURS}`);
    const used = (budget: string, subject: string) =>
      test.store.attempts.get(`${project.id} ${budget} ${subject}`)?.window?.used ?? 0;
    expect(used('recovery', user.email)).toBe(5);
    expect(used('password-account', user.email)).toBe(0);
    expect(used('password-prefix', `${user.email} ${here.origin.network}`)).toBe(0);
    await expect(signIn(test, here, user)).resolves.toBeDefined();
  });

  it('clears what was counted: the window, the locks before it, and the fifteen', async () => {
    const user = await aHolder(test, v1());
    await guesses(4, user.email);
    expect(await show(user.email, user.sheet.next())).toBe('done');
    await locks(2, user.email);
    await guesses(4, user.email);
    expect(await show(user.email, user.sheet.next())).toBe('done');
    await locks(2, user.email);
    expect(await guesses(4, user.email)).toEqual(Array(4).fill('invalid-credentials'));
    expect(stateOf(test, user).status).toBe('active');
    expect(await guesses(1, user.email)).toEqual(['invalid-credentials']);
    expect(stateOf(test, user).status).toBe('locked');
  });

  it('locks nobody who was in while the fifteenth wrong one was being looked at', async () => {
    const user = await aHolder(test, v1());
    await locks(2, user.email);
    await guesses(3, user.email);
    const [looking, recovered] = [aLatch(), aLatch()];
    let wrong: Promise<string> | undefined;
    const right = await showTo(
      replica(async () => {
        const slow = replica(async () => {
          looking.open();
          await recovered.opened;
        });
        wrong = showTo(slow, user.email, WRONG_CODE);
        await looking.opened;
      }),
      user.email,
      user.sheet.next(),
    );
    recovered.open();
    expect([right, await wrong]).toEqual(['done', 'invalid-credentials']);
    expect(stateOf(test, user).status).toBe('active');
    expect(await test.mailsTo(user.email, 'recovery-closed')).toEqual([]);
    expect(await show(user.email, user.sheet.next())).toBe('done');
  });

  it('is no attempt where it is refused for something else: neither a lock nor a mail comes of it', async () => {
    const user = await aHolder(test, v1());
    const code = user.sheet.next();
    await guesses(4, user.email);
    for (let tried = 0; tried < 3; tried += 1) {
      const weak = { email: user.email, recoveryCode: code, newPassword: 'password1234' };
      expect(await answerOf(test.iam.recovery.recover.execute(v1(), weak))).toBe('weak-password');
    }
    expect(await test.mailsTo(user.email, 'recovery-locked')).toEqual([]);
    expect(await show(user.email, code)).toBe('done');
  });

  it('does not make up for the wrong ones that came with it', async () => {
    const user = await aHolder(test, v1());
    await guesses(2, user.email);
    const weak = { email: user.email, recoveryCode: user.sheet.next(), newPassword: 'password1234' };
    await answerOf(test.iam.recovery.recover.execute(v1(), weak));
    expect(await guesses(4, user.email)).toEqual([...Array(3).fill('invalid-credentials'), `account-locked ${HOURS}`]);
  });
});

describe('wrong codes', () => {
  it("are nobody else's, and not another project's", async () => {
    const other = await aProjectOf(test, { v1Enabled: true });
    const user = await aHolder(test, v1());
    const twin = await aHolder(test, v1(other), { email: user.email });
    await guesses(5, user.email);
    expect(await show(twin.email, twin.sheet.next(), v1(other))).toBe('done');
    expect(await show((await aHolder(test, v1())).email)).toBe('invalid-credentials');
  });

  it('are counted by the address in its canonical form', async () => {
    const { email } = await aHolder(test, v1());
    for (const typed of [email, email.toUpperCase(), ` ${email} `, email, email]) await show(typed);
    expect(await show(` ${email.toUpperCase()}`)).toBe(`account-locked ${HOURS}`);
  });
});
