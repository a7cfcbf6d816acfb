import { generate } from 'otplib';
import pg from 'pg';
import { AesGcmSecretBox } from '../src/adapters/crypto/aes-gcm-secret-box.ts';
import { KeyRing } from '../src/adapters/crypto/key-ring.ts';
import { OtplibTotpAuthenticator } from '../src/adapters/crypto/otplib-totp-authenticator.ts';
import { totpBinding } from '../src/application/mfa/totp-binding.ts';
import type { ProjectId } from '../src/domain/project/project.ts';
import type { UserId } from '../src/domain/user/user.ts';
import type { Bench } from './bench.ts';
import type { Member } from './crowd.ts';

/** Authenticator apps that all show the same. */
export interface Phones extends AsyncDisposable {
  /** Good for one sign-in of each. What was spent before is forgotten: in life half a minute goes by. */
  freshCode(): Promise<string>;
}

/** Everybody's app is in force as if it had been set up over the API: sealed for each under the service's master key. */
export async function givePhones({ plan, databaseUrl, world }: Bench, people: readonly Member[]): Promise<Phones> {
  const projectId = world.projectId as ProjectId;
  const box = new AesGcmSecretBox(new KeyRing(Buffer.from(plan.MASTER_KEY ?? '', 'base64')));
  const secret = new OtplibTotpAuthenticator().newSecret();
  const sealed = people.map(({ userId }) => box.seal(secret, totpBinding(projectId, userId as UserId)));
  const ids = people.map(({ userId }) => userId);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('update users set totp_enabled_at = now() where project_id = $1 and id = any($2)', [
    projectId,
    ids,
  ]);
  await client.query(
    `insert into totp_factors (project_id, user_id, secret, pending_recovery_codes, version)
    select $1, t.id, t.secret, '[]', 1 from unnest($2::uuid[], $3::text[]) t (id, secret)`,
    [projectId, ids, sealed],
  );
  await client.query('analyze users, totp_factors');
  return {
    async freshCode() {
      await client.query('update totp_factors set last_step = 0 where project_id = $1', [projectId]);
      return generate({ secret });
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}
