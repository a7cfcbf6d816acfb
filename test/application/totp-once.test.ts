import { beforeAll, describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/domain/events.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { anIam, aProjectOf, at, from, PASSWORD, type TestIam } from '../support/an-iam.ts';
import { aProtectedUser, aTicketFor, type ProtectedUser } from '../support/authenticator.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
  project = await aProjectOf(test, { v1Enabled: true });
});

let networks = 0;
/** From a network of its own, so that the budgets of passwords stay out of the way. */
const visit = (dialect: Dialect) => {
  networks += 1;
  return at(project, dialect, from(`2001:db8:${networks.toString(16)}::/64`));
};

/** A way to show a code; what has to be there before is there once it is answered. */
type Surface = (user: ProtectedUser) => Promise<(code: string) => Promise<unknown>>;

const login: Surface = async ({ email, password }) => {
  const visitor = visit('v1');
  return (mfaCode) => test.iam.authentication.login.execute(visitor, { email, password, mfaCode });
};
const ticket: Surface = async (user) => {
  const visitor = visit('gate');
  const issued = await aTicketFor(test, visitor, user);
  return (code) => test.iam.authentication.loginWithTicket.execute(visitor, { ticket: issued, code });
};
const reauthentication: Surface = async ({ actor }) => {
  const { origin } = visit('v1');
  return (mfaCode) =>
    test.iam.authentication.reauthenticate.execute({ ...actor, origin }, { password: PASSWORD, mfaCode });
};
const disabling: Surface = async ({ actor }) => {
  const { origin } = visit('v1');
  return (code) => test.iam.mfa.disableTotp.execute({ ...actor, origin }, { code, password: PASSWORD });
};

const surfaces: readonly (readonly [string, Surface])[] = [
  ['a login over v1', login],
  ['a ticket over the Gate', ticket],
  ['a reauthentication', reauthentication],
  ['turning the factor off', disabling],
];
const pairs = surfaces
  .filter(([, first]) => first !== disabling)
  .flatMap(([name, first]) => surfaces.map(([other, second]) => [name, other, first, second] as const));

const failures = ({ actor }: ProtectedUser) => test.audited('auth.mfa.failed', { userId: actor.userId });

describe('a code that was taken', () => {
  it.each(pairs)('by %s is refused to %s, and the attempt recorded', async (_, __, first, second) => {
    const user = await aProtectedUser(test, visit('v1'));
    const show = await first(user);
    const showAgain = await second(user);
    const code = await user.phone.nextCode();
    await show(code);
    await expect(showAgain(code)).rejects.toMatchObject({ code: 'mfa-invalid' });
    expect(failures(user)).toHaveLength(1);
    await expect(showAgain(await user.phone.nextCode())).resolves.not.toThrow();
  });

  it.each(surfaces)('by the set-up is refused to %s', async (_, surface) => {
    const user = await aProtectedUser(test, visit('v1'));
    const show = await surface(user);
    await expect(show(await user.phone.code())).rejects.toMatchObject({ code: 'mfa-invalid' });
  });

  it.each(surfaces)('is refused to %s however it is typed', async (_, surface) => {
    const user = await aProtectedUser(test, visit('v1'));
    const code = await user.phone.nextCode();
    await (await login(user))(`${code.slice(0, 3)} ${code.slice(3)}`);
    const show = await surface(user);
    const [head, tail] = [code.slice(0, 3), code.slice(3)];
    for (const typed of [code, `${head}-${tail}`, ` ${head}  ${tail} `, [...code].join('-')]) {
      await expect(show(typed)).rejects.toMatchObject({ code: 'mfa-invalid' });
    }
  });

  it.each(surfaces)('takes every earlier one with it: refused to %s though never shown', async (_, surface) => {
    const user = await aProtectedUser(test, visit('v1'));
    test.clock.advance(60);
    const earlier = [await user.phone.code(-30), await user.phone.code()];
    await (await login(user))(await user.phone.code(30));
    const show = await surface(user);
    for (const code of earlier) await expect(show(code)).rejects.toMatchObject({ code: 'mfa-invalid' });
  });

  it('is no wrong password either: nobody is kept out of their first factor by it', async () => {
    const user = await aProtectedUser(test, visit('v1'));
    const visitor = visit('v1');
    const { email, password } = user;
    const mfaCode = await user.phone.nextCode();
    await test.iam.authentication.login.execute(visitor, { email, password, mfaCode });
    for (let again = 0; again < 9; again += 1) {
      const replayed = test.iam.authentication.login.execute(visitor, { email, password, mfaCode });
      await expect(replayed).rejects.toMatchObject({ code: 'mfa-invalid' });
    }
    for (let again = 0; again < 11; again += 1) {
      const half = test.iam.authentication.login.execute(visitor, { email, password });
      await expect(half).rejects.toMatchObject({ code: 'mfa-required' });
    }
  });
});

describe('a code that is refused for another reason', () => {
  it('is not spent: it still counts where it belongs', async () => {
    const user = await aProtectedUser(test, visit('v1'));
    const { email } = user;
    const mfaCode = await user.phone.nextCode();
    const wrong = test.iam.authentication.login.execute(visit('v1'), { email, password: 'not this one 4711', mfaCode });
    await expect(wrong).rejects.toMatchObject({ code: 'invalid-credentials' });
    const stale = test.iam.authentication.loginWithTicket.execute(visit('gate'), { ticket: 'lt_none', code: mfaCode });
    await expect(stale).rejects.toMatchObject({ code: 'token-invalid' });
    await expect((await login(user))(mfaCode)).resolves.toBeDefined();
  });
});

describe('one code, shown sixteen times at once', () => {
  const sessionsOf = ({ actor }: ProtectedUser) =>
    [...test.store.sessions.entries()].filter(([, { userId }]) => userId === actor.userId).length;
  const refusals = ['mfa-invalid', 'rate-limited', 'token-invalid', 'mfa-not-enabled'];

  it.each(surfaces)('succeeds once with %s', async (_, surface) => {
    const user = await aProtectedUser(test, visit('v1'));
    const shows = await Promise.all(Array.from({ length: 16 }, () => surface(user)));
    const code = await user.phone.nextCode();
    const { succeeded, refused } = await sixteenAtOnce((index) => shows[index]?.(code) ?? Promise.reject());
    expect(succeeded).toHaveLength(1);
    for (const error of refused) expect(refusals).toContain((error as { code: string }).code);
  });

  it('succeeds once with one ticket', async () => {
    const user = await aProtectedUser(test, visit('v1'));
    const show = await ticket(user);
    const before = sessionsOf(user);
    const code = await user.phone.nextCode();
    const { succeeded } = await sixteenAtOnce(() => show(code));
    expect(succeeded).toHaveLength(1);
    expect(sessionsOf(user)).toBe(before + 1);
  });

  it('succeeds once over all of them together, on either dialect', async () => {
    const user = await aProtectedUser(test, visit('v1'));
    const shows = await Promise.all(
      Array.from({ length: 16 }, (_, index) => (surfaces[index % surfaces.length]?.[1] ?? login)(user)),
    );
    const before = sessionsOf(user);
    const code = await user.phone.nextCode();
    const { succeeded, refused } = await sixteenAtOnce((index) => shows[index]?.(code) ?? Promise.reject());
    expect(succeeded).toHaveLength(1);
    expect(sessionsOf(user)).toBeLessThanOrEqual(before + 1);
    for (const error of refused) expect(refusals).toContain((error as { code: string }).code);
  });

  it('leaves a trace of each that was evaluated and came too late', async () => {
    const user = await aProtectedUser(test, visit('v1'));
    const shows = await Promise.all(Array.from({ length: 16 }, () => login(user)));
    const code = await user.phone.nextCode();
    const { refused } = await sixteenAtOnce((index) => shows[index]?.(code) ?? Promise.reject());
    const tooLate = refused.filter((error) => (error as { code: string }).code === 'mfa-invalid');
    expect(failures(user)).toHaveLength(tooLate.length);
  });
});
