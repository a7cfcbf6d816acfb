import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/adapters/config/config.ts';
import { memoryPorts } from '../../src/adapters/container/memory-ports.ts';
import { ownerPassword } from '../../src/adapters/container/owner-password.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import { createIam } from '../../src/application/iam.ts';
import { IamError } from '../../src/domain/errors.ts';
import {
  anIam,
  aProjectOf,
  aRegisteredUser,
  at,
  from,
  OTHER_PASSWORD,
  OWNER_EMAIL,
  PASSWORD,
  signIn,
} from '../support/an-iam.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';

describe('accounts that nobody made', () => {
  it('are not there: a new platform has the owner that it was given, a new project has nobody', async () => {
    const ports = memoryPorts();
    expect([...ports.store.users.entries()]).toEqual([]);
    const iam = createIam({ ...ports, passwordHasher: aQuickHasher() });
    await iam.projects.installPlatform.execute(OPERATOR, { email: OWNER_EMAIL, password: PASSWORD });
    const { id } = await iam.projects.createProject.execute(OPERATOR, { name: 'New' });
    const users = [...ports.store.users.entries()].map(([, user]) => user);
    expect(users).toMatchObject([{ email: OWNER_EMAIL }]);
    expect(users[0]?.projectId).not.toBe(id);
    expect([...ports.store.apiKeys.entries()]).toEqual([]);
  });

  it('have no password that another installation has: each owner’s is random, in a file of their own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'castellan-owner-'));
    try {
      const firstStart = (name: string, terminal: boolean) =>
        ownerPassword(readConfig(terminal, { DATA_DIR: join(folder, name) }), terminal);
      const [shown, other, kept] = [
        await firstStart('a', true),
        await firstStart('b', true),
        await firstStart('c', false),
      ];
      for (const { secret } of [shown, other, kept]) expect(secret).toMatch(/^[\w-]{20}$/);
      expect(new Set([shown.secret, other.secret, kept.secret]).size).toBe(3);
      expect(kept).toMatchObject({ kind: 'kept' });
      const { mode } = await stat(kept.kind === 'kept' ? kept.path : '');
      expect(mode & 0o777).toBe(0o600);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('are asked for a password by whoever starts where none can be kept', async () => {
    // Nobody writes below a file, whatever they may otherwise.
    for (const DATA_DIR of ['/dev/null/data', '/dev/null']) {
      const started = ownerPassword(readConfig(false, { DATA_DIR }), false);
      await expect(started).rejects.toThrow('PLATFORM_OWNER_PASSWORD: needed at the first start');
    }
  });
});

describe('the ways to sign in', () => {
  it('draw on one budget: guesses over one dialect count over the other', async () => {
    const test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
    const { email } = await aRegisteredUser(test, at(test.platform, 'v1'));
    const origin = from('203.0.113.7');
    const login = (dialect: 'gate' | 'v1', password: string) =>
      test.iam.authentication.login.execute(at(test.platform, dialect, origin), { email, password });
    for (let guess = 0; guess < 5; guess += 1) {
      for (const dialect of ['gate', 'v1'] as const) {
        await expect(login(dialect, OTHER_PASSWORD)).rejects.toMatchObject({ code: 'invalid-credentials' });
      }
    }
    for (const dialect of ['gate', 'v1'] as const) {
      await expect(login(dialect, PASSWORD)).rejects.toMatchObject({ code: 'rate-limited' });
    }
  });
});

describe('an attempt whose answer never came', () => {
  it('is not given back: whoever goes away, or waits for the hashes in vain, has had it', async () => {
    let overloaded = false;
    const test = await anIam(() => {
      const hasher = aQuickHasher();
      const verify: typeof hasher.verify = (password, hash) =>
        overloaded
          ? Promise.reject(new IamError('overloaded', { retryAfterSeconds: 1 }))
          : hasher.verify(password, hash);
      const { hash, imported } = { hash: hasher.hash.bind(hasher), imported: hasher.imported.bind(hasher) };
      return { passwordHasher: { hash, imported, verify, withPlace: (work) => work(verify) } };
    });
    const visitor = at(await aProjectOf(test), 'gate');
    const user = await aRegisteredUser(test, visitor);
    overloaded = true;
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await expect(signIn(test, visitor, user)).rejects.toMatchObject({ code: 'overloaded' });
    }
    overloaded = false;
    await expect(signIn(test, visitor, user)).rejects.toMatchObject({ code: 'rate-limited' });
  });
});

describe('asking to reset a password', () => {
  it('changes nothing of the account until the code comes back', async () => {
    const test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
    const visitor = at(await aProjectOf(test), 'gate');
    const user = await aRegisteredUser(test, visitor);
    const { actor } = await signIn(test, visitor, user);
    const account = () => test.store.users.get(`${visitor.projectId} ${actor.userId}`);
    const before = account();
    await test.iam.account.requestPasswordReset.execute(visitor, user);
    await test.mailTo(user.email, 'reset-password-otp');
    expect(account()).toEqual(before);
    await expect(test.iam.account.readProfile.execute(actor)).resolves.toBeDefined();
    await expect(signIn(test, visitor, user)).resolves.toBeDefined();
  });
});

describe('the people that an account belongs to', () => {
  it('are told of every change of their credentials, a new address at the old one', async () => {
    const test = await anIam(() => ({ passwordHasher: aQuickHasher() }));
    const visitor = at(test.platform, 'v1');
    const user = await aRegisteredUser(test, visitor);
    const { actor } = await signIn(test, visitor, user);
    const change = { currentPassword: user.password, newPassword: OTHER_PASSWORD };
    await test.iam.account.changePassword.execute(actor, change);
    expect(await test.mailsTo(user.email, 'password-changed')).toHaveLength(1);

    const newEmail = `new-${user.email}`;
    await test.iam.account.updateProfile.execute(actor, { email: newEmail });
    expect(await test.mailTo(user.email, 'email-change-notice')).toMatchObject({ newEmail });
    const { token } = await test.mailTo(newEmail, 'email-change-link');
    await test.iam.account.verifyEmailByLink.execute(visitor, { token });
    expect(await test.mailTo(user.email, 'email-changed')).toMatchObject({ newEmail });

    await test.iam.account.requestPasswordReset.execute(visitor, { email: newEmail });
    const reset = await test.mailTo(newEmail, 'reset-password-link');
    await test.iam.account.resetPasswordByLink.execute(visitor, { token: reset.token, newPassword: PASSWORD });
    expect(await test.mailsTo(newEmail, 'password-changed')).toHaveLength(1);
  });
});
