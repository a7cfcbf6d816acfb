import { afterAll, beforeAll, expect, it } from 'vitest';
import { cryptoPorts } from '../../src/adapters/container/crypto-ports.ts';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import { openPostgres, type PostgresConnection, persistencePorts } from '../../src/adapters/persistence/index.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import { createIam, type Iam } from '../../src/application/iam.ts';
import type { RecoverInput } from '../../src/application/recovery/recover.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { anIam, aProjectOf, at, from, OTHER_PASSWORD, type TestIam } from '../support/an-iam.ts';
import { attested, keyRing } from '../support/attested.ts';
import { aProtectedUser } from '../support/authenticator.ts';
import { anEmail } from '../support/builders.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { migratedTemplate } from './template.ts';

const HOURS = 60 * 60;
const WRONG_CODE = 'ZZZZ-ZZZZ-ZZZZ';

describeWithPostgres('recovery on two replicas of one database', () => {
  let opened: PostgresConnection;
  let test: TestIam;
  let project: ProjectState;
  let replicas: readonly Iam[];
  beforeAll(async () => {
    opened = openPostgres({ url: (await freshDatabase(migratedTemplate)).url });
    const hash = { parameters: { memoryCost: 32, timeCost: 1, parallelism: 1 }, concurrency: 2, queue: 128 };
    test = await anIam(({ clock }) => {
      const stored = persistencePorts(opened.database, { idGenerator: new UuidV7Generator(), attested });
      const { signingKeyDirectory } = stored;
      const crypto = cryptoPorts({ keyRing, hash, signingKeyDirectory, publicUrl: 'http://localhost', clock });
      return { ...stored, ...crypto };
    });
    replicas = [test.iam, createIam(test.ports)];
    project = await aProjectOf(test, { v1Enabled: true });
  });
  afterAll(() => opened.close());

  const v1 = (address = '192.0.2.1') => at(project, 'v1', from(address));
  const iamOf = (index: number) => replicas[index % 2] ?? test.iam;
  const recover = (index: number, input: RecoverInput, address?: string) =>
    iamOf(index).recovery.recover.execute(v1(address), input);
  const codeOf = (attempt: Promise<unknown>) =>
    attempt.then(
      () => 'done',
      ({ code }: { readonly code: string }) => code,
    );
  const wrong = (count: number, email: string) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        codeOf(recover(index, { email, recoveryCode: WRONG_CODE }, '203.0.113.9')),
      ),
    );
  /** Over the Gate: over v1 an address is proven first, by a mail, and no relay runs here. */
  async function aPerson() {
    const user = await aProtectedUser(test, at(project, 'gate', from('192.0.2.1')));
    const mfaCode = await user.phone.nextCode();
    const { recoveryCodes } = await test.iam.recovery.regenerateRecoveryCodes.execute(user.actor, {
      password: user.password,
      mfaCode,
    });
    const [first = '', second = ''] = recoveryCodes;
    return { ...user, first, second };
  }
  const login = async (index: number, user: Awaited<ReturnType<typeof aPerson>>, address?: string) => {
    const mfaCode = await user.phone.nextCode();
    return codeOf(iamOf(index).authentication.login.execute(v1(address), { ...user, mfaCode }));
  };

  it('takes one code once, of sixteen at once, and changes in one commit all that was asked for', async () => {
    const { email, first, second, actor } = await aPerson();
    const newEmail = anEmail();
    const choices = { newPassword: OTHER_PASSWORD, newEmail, disableMfa: true };
    const { succeeded } = await sixteenAtOnce((index) => recover(index, { email, recoveryCode: first, ...choices }));
    expect(succeeded).toMatchObject([{ kind: 'signed-in', recoveryCodesRemaining: 9 }]);
    expect(await test.ports.userDirectory.byId(project.id, actor.userId)).toMatchObject({
      email,
      pendingEmail: newEmail,
      totpEnabledAt: null,
      lastLoginMethod: 'recovery',
    });
    const entered = iamOf(1).authentication.login.execute(v1(), { email, password: OTHER_PASSWORD });
    await expect(entered).resolves.toMatchObject({ kind: 'signed-in', lastLoginMethod: 'recovery' });
    // Whoever came with the spent code counts as one more wrong one: five of them may have closed recovery for an hour.
    test.clock.advance(2 * HOURS);
    expect(await codeOf(recover(1, { email, recoveryCode: first }))).toBe('invalid-credentials');
    await expect(recover(0, { email, recoveryCode: second })).resolves.toMatchObject({ recoveryCodesRemaining: 8 });
  });

  it('evaluates five wrong codes an hour, of a hundred at once, and locks the account with the fifteenth', async () => {
    const user = await aPerson();
    const unknown = anEmail();
    for (const email of [user.email, unknown]) {
      const answers = await wrong(100, email);
      expect(answers.filter((answer) => answer === 'invalid-credentials')).toHaveLength(5);
      expect(answers.filter((answer) => answer === 'account-locked')).toHaveLength(95);
    }
    expect(await codeOf(recover(0, { email: user.email, recoveryCode: user.first }))).toBe('account-locked');
    for (const _ of [2, 3]) {
      test.clock.advance(HOURS);
      expect((await wrong(6, user.email)).filter((answer) => answer === 'invalid-credentials')).toHaveLength(5);
    }
    expect((await test.ports.userDirectory.byId(project.id, user.actor.userId))?.status).toBe('locked');
    const refused = recover(1, { email: user.email, recoveryCode: user.first });
    await expect(refused).rejects.toMatchObject({ code: 'account-locked', details: {} });
    expect(await login(1, user, '198.51.100.7')).toBe('account-locked');
    expect(await login(1, user)).toBe('done');
    await iamOf(1).users.unlockUser.execute(OPERATOR, user.actor);
    expect(await login(0, user, '198.51.100.7')).toBe('done');
    expect(await codeOf(recover(0, { email: user.email, recoveryCode: user.first }))).toBe('done');
  });
});
