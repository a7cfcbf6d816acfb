import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Visitor } from '../../src/application/actor.ts';
import type { SignIn } from '../../src/application/authentication/sign-in.ts';
import { answerOf } from '../application/recovery-person.ts';
import { at, PASSWORD } from '../support/an-iam.ts';
import { anEmail } from '../support/builders.ts';
import { copyOf, describeWithPostgres } from '../support/databases.ts';
import { anInstallation, type Installation, openInstallation } from './an-installation.ts';

const CHANGES = 100;

describeWithPostgres('a database that was brought back from a backup', () => {
  let live: Installation;
  let v1: Visitor;
  let person: { readonly email: string; readonly codes: readonly string[]; readonly refreshToken: string };
  let signedOut: string;
  let unfenced: Restored;
  let fenced: Restored;
  beforeAll(async () => {
    const { url, masterKey, platform, ...original } = await anInstallation();
    v1 = at(platform, 'v1');
    const email = anEmail();
    const { authentication } = original.iam;
    const { recoveryCodes, tokens } = await authentication.register.execute(v1, { email, password: PASSWORD });
    if (tokens === null) throw new TypeError('over v1 whoever registers is signed in');
    person = { email, codes: recoveryCodes, refreshToken: tokens.refreshToken };
    signedOut = refreshTokenOf(await authentication.login.execute(v1, { email, password: PASSWORD }));
    await original[Symbol.asyncDispose]();
    const backups = [await copyOf({ url }), await copyOf({ url })] as const;
    live = { ...openInstallation(url, masterKey), platform };
    [unfenced, fenced] = backups.map((backup) => openInstallation(backup.url, masterKey)) as [Restored, Restored];
  });
  afterAll(() => Promise.all([live, unfenced, fenced].map((installation) => installation[Symbol.asyncDispose]())));

  const refresh = ({ iam }: Restored, refreshToken: string) =>
    answerOf(iam.authentication.refreshSession.execute(v1, { refreshToken }));
  const recover = ({ iam }: Restored, recoveryCode = '') =>
    answerOf(iam.recovery.recover.execute(v1, { email: person.email, recoveryCode }));

  it('would bring back what was spent and ended since', async () => {
    let { refreshToken } = person;
    for (let change = 0; change < CHANGES; change += 1) {
      live.clock.advance(60);
      ({ refreshToken } = await live.iam.authentication.refreshSession.execute(v1, { refreshToken }));
    }
    expect(await recover(live, person.codes[0])).toBe('done');
    await live.iam.authentication.logout.execute(v1, { refreshToken: signedOut });

    expect(await refresh(unfenced, person.refreshToken)).toBe('done');
    expect(await refresh(unfenced, signedOut)).toBe('done');
    expect(await recover(unfenced, person.codes[0])).toBe('done');
  });

  describe('behind the fence', () => {
    it('is asked for by name', async () => {
      const { code, error } = await fenced.run('fence');
      expect(code).toBe(2);
      expect(error).toMatch(/castellan fence --yes\n$/);
      const sessions = await fenced.database.execute(sql`select 1 from refresh_tokens`);
      expect(sessions.length).toBeGreaterThan(0);
    });

    it('takes no refresh token, and no recovery code, of before', async () => {
      expect(await fenced.run('fence', '--yes')).toMatchObject({ code: 0, error: '' });
      expect(await refresh(fenced, person.refreshToken)).toBe('token-invalid');
      expect(await refresh(fenced, signedOut)).toBe('token-invalid');
      for (const code of person.codes.slice(0, 3)) expect(await recover(fenced, code)).toBe('invalid-credentials');
    });

    it('signs people in as ever', async () => {
      const answer = await fenced.iam.authentication.login.execute(v1, { email: person.email, password: PASSWORD });
      expect(await refresh(fenced, refreshTokenOf(answer))).toBe('done');
    });
  });
});

type Restored = ReturnType<typeof openInstallation>;

function refreshTokenOf(answer: SignIn): string {
  if (answer.kind !== 'signed-in') throw new Error('several tenants');
  return answer.tokens.refreshToken;
}
