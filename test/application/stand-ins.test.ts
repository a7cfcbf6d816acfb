import { hash as bcrypt } from '@node-rs/bcrypt';
import { beforeEach, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { PasswordHash } from '../../src/domain/user/user.ts';
import type { PasswordHasher } from '../../src/ports/password-hasher.ts';
import { anIam, aProjectOf, aRegisteredUser, at, from, PASSWORD, signIn, type TestIam } from '../support/an-iam.ts';
import { anEmail } from '../support/builders.ts';
import { importing } from '../support/import-lines.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';

const QUARTER_OF_AN_HOUR = 15 * 60;

let test: TestIam;
let project: ProjectState;
let asked: (PasswordHash | null)[];
let foreign: string;
beforeEach(async () => {
  asked = [];
  test = await anIam(() => ({ passwordHasher: noting(aQuickHasher()) }));
  project = await aProjectOf(test);
  foreign = await bcrypt(PASSWORD, 4);
});

/** As the one behind it, and it is noted what passwords are checked against. */
function noting(hasher: PasswordHasher): PasswordHasher {
  return {
    hash: (password) => hasher.hash(password),
    verify: (password, hash) => hasher.verify(password, hash),
    imported: (stored) => hasher.imported(stored),
    withPlace: (work) =>
      hasher.withPlace((verify) =>
        work((password, hash) => {
          asked.push(hash);
          return verify(password, hash);
        }),
      ),
  };
}

const visitor = (index = 0) => at(project, 'gate', from(`192.0.2.${index % 250}`));
const brought = (count: number) =>
  importing(
    test.iam,
    OPERATOR,
    { projectId: project.id },
    Array.from({ length: count }, () => ({ email: anEmail(), emailVerified: true, passwordHash: foreign })),
  );

/** What the password is checked against; a sign-in is refused with the same words, whoever it is. */
async function checkedAgainst(email: string, password = PASSWORD): Promise<PasswordHash | null | undefined> {
  asked = [];
  const attempt = test.iam.authentication.login.execute(visitor(), { email, password });
  await expect(attempt).rejects.toMatchObject({ code: 'invalid-credentials' });
  return asked[0];
}

/** Of so many addresses that nobody has, how many cost what an account from elsewhere costs. */
async function foreignAmong(emails: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const email of emails) if ((await checkedAgainst(email))?.startsWith('$2b$')) found.push(email);
  return found;
}

const nobodies = (count: number): readonly string[] => Array.from({ length: count }, () => anEmail());

/** The forms are counted behind whoever signs in first. */
const counted = () => checkedAgainst(anEmail());

describe('an address that nobody has', () => {
  it('costs what one of today’s hashes costs, where nobody has come from elsewhere', async () => {
    await aRegisteredUser(test, visitor());
    await counted();
    const forms = new Set(
      (await Promise.all(nobodies(1).map((email) => checkedAgainst(email)))).map((hash) => hash?.slice(0, 9)),
    );
    expect(forms).toEqual(new Set(['$argon2id']));
  });

  it('costs what everybody’s hash costs, where all of them have come from elsewhere', async () => {
    await brought(5);
    await counted();
    expect(await foreignAmong(nobodies(20))).toHaveLength(20);
  });

  it('is refused even with the password that fits the stand-in', async () => {
    await brought(5);
    await counted();
    expect(await checkedAgainst(anEmail(), PASSWORD)).toBe(foreign);
  });

  it('costs one or the other in the shares that accounts do, and each address always the same', async () => {
    await brought(30);
    for (let index = 0; index < 30; index += 1) await aRegisteredUser(test, visitor(index));
    await counted();
    const emails = nobodies(200);
    const found = await foreignAmong(emails);
    // Half of them: so far off once in a million runs.
    expect(found.length).toBeGreaterThan(65);
    expect(found.length).toBeLessThan(135);
    expect(await foreignAmong(emails.slice(0, 40))).toEqual(found.filter((email) => emails.indexOf(email) < 40));
  });

  it('follows as people sign in and their hashes become ours, a quarter of an hour later at most', async () => {
    const records = [anEmail(), anEmail()].map((email) => ({ email, emailVerified: true, passwordHash: foreign }));
    await importing(test.iam, OPERATOR, { projectId: project.id }, records);
    await counted();
    for (const { email } of records) await signIn(test, visitor(), { email, password: PASSWORD });
    const [email = ''] = nobodies(1);
    expect(await foreignAmong([email])).toEqual([email]);

    test.clock.advance(QUARTER_OF_AN_HOUR);
    await counted();
    expect(await foreignAmong([email])).toEqual([]);
  });

  it('knows nothing of the people of other projects', async () => {
    await brought(5);
    project = await aProjectOf(test);
    await counted();
    expect(await foreignAmong(nobodies(5))).toEqual([]);
  });

  it('keeps nobody waiting, and nobody out, while the forms cannot be counted', async () => {
    const { accountDirectory, ...ports } = test.ports;
    const never = { ...accountDirectory, passwordForms: () => new Promise<never>(() => {}) };
    const failing = { ...accountDirectory, passwordForms: () => Promise.reject(new Error('away')) };
    const { createIam } = await import('../../src/application/iam.ts');
    const user = await aRegisteredUser(test, visitor());
    for (const directory of [never, failing]) {
      const iam = createIam({ ...ports, accountDirectory: directory });
      await expect(signIn({ ...test, iam }, visitor(), user)).resolves.toBeDefined();
      await expect(signIn({ ...test, iam }, visitor(), user)).resolves.toBeDefined();
    }
  });
});
