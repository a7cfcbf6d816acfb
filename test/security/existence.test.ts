import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { anIam, aProjectOf, aRegisteredUser, at, OTHER_PASSWORD, type TestIam } from '../support/an-iam.ts';
import { anEmail } from '../support/builders.ts';

let test: TestIam;
let project: ProjectState;
let asked: string[] = [];
beforeAll(async () => {
  test = await anIam((ports) => ({
    attemptBudget: noting('attemptBudget', ports.attemptBudget),
    oneTimeTokenDirectory: noting('oneTimeTokenDirectory', ports.oneTimeTokenDirectory),
    passwordHasher: noting('passwordHasher', notingVerified(ports.passwordHasher)),
    recoveryCodeIssuer: noting('recoveryCodeIssuer', ports.recoveryCodeIssuer),
    recoveryCodesDirectory: noting('recoveryCodesDirectory', ports.recoveryCodesDirectory),
    secretIssuer: noting('secretIssuer', ports.secretIssuer),
    userDirectory: noting('userDirectory', ports.userDirectory),
    unitOfWork: notingCommits(ports.unitOfWork),
  }));
  project = await aProjectOf(test);
});
beforeEach(() => {
  asked = [];
});

/** The same port, and what it is asked to do is noted in order. */
function noting<Port extends object>(name: string, port: Port): Port {
  return new Proxy(port, {
    get(target, method) {
      const member: unknown = Reflect.get(target, method);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        asked.push(`${name}.${String(method)}`);
        return member.apply(target, args);
      };
    },
  });
}

/** With what is verified in a place that was kept. */
function notingVerified(hasher: Ports['passwordHasher']): Ports['passwordHasher'] {
  return {
    hash: (password) => hasher.hash(password),
    verify: (password, hash) => hasher.verify(password, hash),
    imported: (stored) => hasher.imported(stored),
    withPlace: (work) =>
      hasher.withPlace((verify) =>
        work((password, hash) => {
          asked.push('passwordHasher.verify');
          return verify(password, hash);
        }),
      ),
  };
}

function notingCommits(unitOfWork: Ports['unitOfWork']): Ports['unitOfWork'] {
  return {
    run: (work) => {
      asked.push('unitOfWork.run');
      return unitOfWork.run((repositories) => {
        const noted = Object.entries(repositories).map(([name, part]) => [
          name,
          typeof part === 'object' ? noting(name, part) : part,
        ]);
        return work(Object.fromEntries(noted));
      });
    },
  };
}

/** Everything that the world was asked to do meanwhile. */
async function workOf(attempt: () => Promise<unknown>): Promise<readonly string[]> {
  asked = [];
  await attempt().catch(() => {});
  return [...asked];
}

const visitor = () => at(project, 'gate');
const somebody = async () => (await aRegisteredUser(test, visitor())).email;

describe('whether an address is known', () => {
  it('costs a failed login nothing: the same work for a wrong password and for nobody', async () => {
    const login = (email: string) =>
      workOf(() => test.iam.authentication.login.execute(visitor(), { email, password: OTHER_PASSWORD }));
    // The first sign-in of a while lets the forms of hashes be counted, whoever it is of.
    await login(anEmail());
    const known = await login(await somebody());
    expect(known).toContain('passwordHasher.verify');
    expect(known).toContain('audit.record');
    expect(await login(anEmail())).toEqual(known);
  });

  it.each(['requestPasswordReset', 'resendVerification'] as const)('costs %s nothing', async (request) => {
    const asking = (email: string) => workOf(() => test.iam.account[request].execute(visitor(), { email }));
    const known = await asking(await somebody());
    expect(known).toContain('events.record');
    expect(known.filter((work) => work.startsWith('user'))).toEqual([]);
    expect(await asking(anEmail())).toEqual(known);
  });

  it.each(['verifyEmailByCode', 'resetPasswordByCode'] as const)('costs a wrong code nothing: %s', async (redeem) => {
    const input = { otp: '000000', newPassword: OTHER_PASSWORD };
    const guessing = (email: string) => workOf(() => test.iam.account[redeem].execute(visitor(), { email, ...input }));
    const unknown = await guessing(anEmail());
    expect(unknown).toContain('audit.record');
    expect(await guessing(await somebody())).toEqual(unknown);
  });

  it('costs a wrong recovery code nothing, at every step but the fifteenth, which locks the account', async () => {
    const v1 = at(test.platform, 'v1');
    const known = await aRegisteredUser(test, v1);
    const guess = (email: string) =>
      workOf(() => test.iam.recovery.recover.execute(v1, { email, recoveryCode: 'ZZZZ-ZZZZ-ZZZZ' }));
    const unknown = anEmail();
    let evaluated = 0;
    for (let step = 1; step <= 20; step += 1) {
      const work = await guess(unknown);
      const same = await guess(known.email);
      if (work.includes('recoveryCodeIssuer.verify')) evaluated += 1;
      if (evaluated < 15 || !work.includes('recoveryCodeIssuer.verify')) expect(same).toEqual(work);
      if (step % 6 === 0) test.clock.advance(60 * 60);
    }
    expect(evaluated).toBe(15);
  });
});
