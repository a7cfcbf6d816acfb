import { beforeEach, describe, expect, it } from 'vitest';
import { createIam } from '../../src/application/iam.ts';
import { IamError } from '../../src/domain/errors.ts';
import { anIam, aRegisteredUser, at, from, OWNER_EMAIL, type TestIam } from '../support/an-iam.ts';
import { anEmail } from '../support/builders.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { aHolder, answerOf, aTenantOwnedBy, lock, WRONG_CODE } from './recovery-person.ts';
import { personOf } from './tenant-people.ts';

let test: TestIam;
let overloaded = false;
beforeEach(async () => {
  overloaded = false;
  test = await anIam(({ recoveryCodeIssuer }) => ({
    passwordHasher: aQuickHasher(),
    recoveryCodeIssuer: {
      issue: (...given) => recoveryCodeIssuer.issue(...given),
      verify: (...given) =>
        overloaded
          ? Promise.reject(new IamError('overloaded', { retryAfterSeconds: 1 }))
          : recoveryCodeIssuer.verify(...given),
    },
  }));
});
const v1 = () => at(test.platform, 'v1', from('203.0.113.9'));
const recover = (email: string, recoveryCode: string) =>
  answerOf(test.iam.recovery.recover.execute(v1(), { email, recoveryCode }));

describe('what strangers, mailboxes and crowds do to recovery', () => {
  it('one mailbox that refuses keeps nobody else from hearing the alarm, and nobody is told again because of it', async () => {
    const [user, owner] = [await aHolder(test, v1()), await aHolder(test, v1())];
    await aTenantOwnedBy(test, test.platform, owner.actor.userId, [user.actor.userId]);
    await test.relay();
    await lock(test, test.platform, user.email);
    const taken: string[] = [];
    const notifier = {
      send: async ({ to, message }: { to: string; message: { kind: string } }) => {
        if (to === owner.email) throw new Error('550');
        if (message.kind === 'recovery-closed') taken.push(to);
      },
    };
    const slow = createIam({ ...test.ports, notifier });
    const done = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      for (const [id, message] of [...test.store.outbox.entries()].filter(([id]) => !done.has(id))) {
        await slow.reactions.react.execute({ ...message, id }).then(
          () => done.add(id),
          () => undefined,
        );
      }
    }
    expect(taken.toSorted()).toEqual([user.email, OWNER_EMAIL].toSorted());
  });

  it('what was never evaluated closes recovery for nobody', async () => {
    const user = await aHolder(test, v1());
    overloaded = true;
    for (let tried = 0; tried < 15; tried += 1) {
      await recover(user.email, user.sheet.codes[0] ?? '');
      if (tried % 5 === 4) test.clock.advance(3600);
    }
    overloaded = false;
    const answer = await recover(user.email, user.sheet.next());
    const told = await test.mailsTo(user.email, 'recovery-closed');
    expect([answer, told.length]).toEqual(['done', 0]);
  });

  it('whoever registers an address finds closed for good nothing that strangers have closed before', async () => {
    const email = anEmail();
    await lock(test, test.platform, email);
    const user = await aRegisteredUser(test, v1(), { email });
    const [code = ''] = user.registered.recoveryCodes;
    expect(await recover(email, code)).toBe('account-locked 3600');
    test.clock.advance(3600);
    expect(await recover(email, code)).toBe('done');
  });

  it('a lock that was lost on its way to the account is made up for by the next attempt', async () => {
    const user = await aHolder(test, v1());
    const failing = createIam({
      ...test.ports,
      unitOfWork: {
        run: (work) =>
          test.ports.unitOfWork.run((repositories) =>
            work({
              ...repositories,
              users: {
                ...repositories.users,
                save: () => {
                  throw new IamError('unavailable', { retryAfterSeconds: 1 });
                },
              },
            }),
          ),
      },
    });
    for (let tried = 0; tried < 15; tried += 1) {
      const attempt = { email: user.email, recoveryCode: WRONG_CODE };
      await answerOf(failing.recovery.recover.execute(v1(), attempt));
      if (tried % 5 === 4) test.clock.advance(3600);
    }
    expect(personOf(test, user.actor).status).toBe('active');
    expect(await recover(user.email, WRONG_CODE)).toBe('account-locked');
    expect(personOf(test, user.actor).status).toBe('locked');
    expect(await test.mailsTo(user.email, 'recovery-closed')).toHaveLength(1);
    await recover(user.email, WRONG_CODE);
    expect(await test.mailsTo(user.email, 'recovery-closed')).toHaveLength(1);
  });
});
