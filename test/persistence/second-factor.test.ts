import { afterAll, beforeAll, expect, it } from 'vitest';
import { cryptoPorts } from '../../src/adapters/container/crypto-ports.ts';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import { openPostgres, type PostgresConnection, persistencePorts } from '../../src/adapters/persistence/index.ts';
import { createIam, type Iam } from '../../src/application/iam.ts';
import { defaultPolicy } from '../../src/application/policy.ts';
import { anIam, aProjectOf, at, from, PASSWORD, type TestIam } from '../support/an-iam.ts';
import { attested, keyRing } from '../support/attested.ts';
import { aProtectedUser, aTicketFor } from '../support/authenticator.ts';
import { CountingAuthenticator } from '../support/counting-authenticator.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import { migratedTemplate } from './template.ts';

describeWithPostgres('a second factor on two replicas of one database', () => {
  let opened: PostgresConnection;
  let test: TestIam;
  let replicas: readonly Iam[];
  /** Whose budget sixteen do not use up: whoever comes after the one that succeeds is evaluated, too. */
  let patient: readonly Iam[];
  let authenticator: CountingAuthenticator;
  beforeAll(async () => {
    opened = openPostgres({ url: (await freshDatabase(migratedTemplate)).url });
    const hash = { parameters: { memoryCost: 32, timeCost: 1, parallelism: 1 }, concurrency: 2, queue: 128 };
    test = await anIam(({ clock }) => {
      const stored = persistencePorts(opened.database, { idGenerator: new UuidV7Generator(), attested });
      const { signingKeyDirectory } = stored;
      const crypto = cryptoPorts({ keyRing, hash, signingKeyDirectory, publicUrl: 'http://localhost', clock });
      authenticator = new CountingAuthenticator(crypto.totpAuthenticator);
      return { ...stored, ...crypto, totpAuthenticator: authenticator };
    });
    replicas = [test.iam, createIam(test.ports)];
    const attempts = {
      ...defaultPolicy.attempts,
      'totp-account': { ...defaultPolicy.attempts['totp-account'], limit: 64 },
    };
    patient = [
      createIam(test.ports, { ...defaultPolicy, attempts }),
      createIam(test.ports, { ...defaultPolicy, attempts }),
    ];
  });
  afterAll(() => opened.close());

  let networks = 0;
  const anOrigin = () => {
    networks += 1;
    return from(`2001:db8:${networks.toString(16)}::/64`);
  };
  async function aPlace(iams = replicas) {
    const project = await aProjectOf(test, { v1Enabled: true });
    const user = await aProtectedUser(test, at(project, 'gate', anOrigin()));
    const iamOf = (index: number) => iams[index % 2] ?? test.iam;
    const v1 = (index: number, mfaCode: string) =>
      iamOf(index).authentication.login.execute(at(project, 'v1', anOrigin()), { ...user, mfaCode });
    const gate = async (index: number) => {
      const visitor = at(project, 'gate', anOrigin());
      const ticket = await aTicketFor(test, visitor, user);
      return (code: string) => iamOf(index).authentication.loginWithTicket.execute(visitor, { ticket, code });
    };
    const again = (index: number, mfaCode: string) =>
      iamOf(index).authentication.reauthenticate.execute(
        { ...user.actor, origin: anOrigin() },
        { password: PASSWORD, mfaCode },
      );
    return { user, v1, gate, again };
  }

  it('takes one code once, of sixteen at once on every surface, and never again', async () => {
    const { user, v1, gate, again } = await aPlace(patient);
    const tickets = await Promise.all(Array.from({ length: 16 }, (_, index) => gate(index)));
    const code = await user.phone.nextCode();
    const { succeeded } = await sixteenAtOnce(async (index) => {
      if (index % 3 === 0) return v1(index, code);
      return index % 3 === 1 ? tickets[index]?.(code) : again(index, code);
    });
    expect(succeeded).toHaveLength(1);
    for (const index of [0, 1]) await expect(v1(index, code)).rejects.toMatchObject({ code: 'mfa-invalid' });
    await expect(v1(1, await user.phone.nextCode())).resolves.toMatchObject({ kind: 'signed-in' });
  });

  it('is turned off once, of sixteen at once', async () => {
    const { user } = await aPlace();
    const code = await user.phone.nextCode();
    const { succeeded } = await sixteenAtOnce((index) =>
      (replicas[index % 2] ?? test.iam).mfa.disableTotp.execute({ ...user.actor, origin: anOrigin() }, { code }),
    );
    expect(succeeded).toHaveLength(1);
  });

  it('has ten guesses in all, of a hundred at once, and leaves the password as it was', async () => {
    const { user, v1 } = await aPlace();
    const before = authenticator.evaluations;
    const answers = await Promise.all(
      (await user.phone.wrongCodes(100)).map((code, index) =>
        v1(index, code).catch(({ code: refusal }: { readonly code: string }) => refusal),
      ),
    );
    expect(authenticator.evaluations - before).toBe(10);
    expect(answers.filter((answer) => answer === 'mfa-invalid')).toHaveLength(10);
    await expect(v1(1, await user.phone.nextCode())).rejects.toMatchObject({ code: 'rate-limited' });
    const key = { projectId: user.actor.projectId, budget: 'password-account', subject: user.email } as const;
    expect((await test.ports.attemptBudget.look(key, test.clock.now())).failures).toBe(0);
  });
});
