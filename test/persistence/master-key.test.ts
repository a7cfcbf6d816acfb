import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AesGcmSecretBox } from '../../src/adapters/crypto/aes-gcm-secret-box.ts';
import { KeyRing } from '../../src/adapters/crypto/key-ring.ts';
import { UuidV7Generator } from '../../src/adapters/memory/index.ts';
import {
  openPostgres,
  type PersistencePorts,
  type PostgresConnection,
  persistencePorts,
} from '../../src/adapters/persistence/index.ts';
import { ResealSecrets } from '../../src/application/sealing/reseal-secrets.ts';
import { SEALED_BINDINGS } from '../../src/application/sealing/sealed-bindings.ts';
import type { ProviderId } from '../../src/domain/project/auth-provider.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import { SigningKey } from '../../src/domain/project/signing-key.ts';
import type { SealedSecret } from '../../src/domain/session/sealed-secret.ts';
import type { TotpStep } from '../../src/domain/user/totp-factor.ts';
import { SEALED_KINDS, type SealedKind } from '../../src/ports/sealed-secrets.ts';
import { attested } from '../support/attested.ts';
import { aMembership, aProvider, aSigningKey, aTotpFactor, aUser } from '../support/builders.ts';
import { describeWithPostgres, freshDatabase } from '../support/databases.ts';
import { type Place, seedProject } from '../support/seeds.ts';
import { migratedTemplate } from './template.ts';

const [OLD, YOUNG] = [randomBytes(32), randomBytes(32)];
const PROCESS = join(import.meta.dirname, 'resealing.ts');

describeWithPostgres('a thousand secrets under a master key that is exchanged', () => {
  const now = new Date();
  const old = new AesGcmSecretBox(new KeyRing(OLD));
  let url: string;
  let connection: PostgresConnection;
  let ports: PersistencePorts;
  let place: Place;
  /** What was sealed, by its box. */
  let secrets: Map<string, string>;
  beforeEach(async () => {
    url = (await freshDatabase(migratedTemplate)).url;
    connection = openPostgres({ url });
    ports = persistencePorts(connection.database, { idGenerator: new UuidV7Generator(), attested });
    place = await seedProject(ports.unitOfWork, now);
    secrets = new Map();
    await seed();
  });
  afterEach(() => connection.close());

  function sealed(kind: SealedKind, id: string): SealedSecret {
    const plain = randomBytes(20).toString('base64url');
    secrets.set(`${kind} ${id}`, plain);
    return old.seal(plain, SEALED_BINDINGS[kind]({ projectId: place.projectId, id }));
  }

  /** 800 authenticator apps in force and 100 that are set up, 50 signing keys, 50 providers. */
  async function seed(): Promise<void> {
    const { projectId } = place;
    for (let batch = 0; batch < 9; batch += 1) {
      await ports.unitOfWork.run(async ({ users, memberships, totpFactors }) => {
        for (let index = 0; index < 100; index += 1) {
          const user = aUser(now, { projectId });
          const kind = batch === 8 ? 'pending-totp-secret' : 'totp-secret';
          const pendingSecret = sealed(kind, user.id);
          const factor = aTotpFactor(now, { projectId, userId: user.id }, { pendingSecret });
          if (batch < 8) factor.confirm(pendingSecret, 1 as TotpStep, now);
          users.save(user);
          memberships.save(aMembership(now, { ...place, userId: user.id }));
          totpFactors.save(factor);
        }
      });
    }
    await ports.unitOfWork.run(async ({ signingKeys, authProviders }) => {
      for (let index = 0; index < 50; index += 1) {
        const key = aSigningKey(now, projectId).toState();
        signingKeys.save(SigningKey.rehydrate({ ...key, sealedPrivateJwk: sealed('signing-key', key.kid) }));
        const id = `provider-${index}` as ProviderId;
        authProviders.save(aProvider(now, { projectId, id, clientSecret: sealed('provider-secret', id) }));
      }
    });
  }

  /** Everything that lies there, opened with the present key alone. */
  async function opened(): Promise<Map<string, string>> {
    const young = new AesGcmSecretBox(new KeyRing(YOUNG));
    const found = new Map<string, string>();
    for (const kind of SEALED_KINDS) {
      let after: { projectId: ProjectId; id: string } | undefined;
      do {
        const { secrets, last } = await ports.sealedSecrets.notUnder('none', kind, after, 100);
        for (const kept of secrets)
          found.set(`${kind} ${kept.id}`, young.open(kept.sealed, SEALED_BINDINGS[kind](kept)));
        after = last;
      } while (after !== undefined);
    }
    return found;
  }

  const reseal = () =>
    new ResealSecrets({ ...ports, secretBox: new AesGcmSecretBox(new KeyRing(YOUNG, OLD)) }).execute();

  /** Rows by how often they were changed since they were made. */
  async function changes(): Promise<readonly number[]> {
    const rows = await connection.database.execute<{ version: number }>(sql`
      select distinct version from (
        select version from totp_factors union all select version from signing_keys union all select version from auth_providers
      ) as rows order by 1
    `);
    return rows.map(({ version }) => version - 1);
  }

  it('all open under the new one alone when a process was killed in the middle and another has gone on; none was sealed twice', async () => {
    const child = fork(PROCESS, [url, ...[YOUNG, OLD].map((key) => key.toString('base64'))], {
      execArgv: ['--import', 'tsx'],
    });
    const exit = once(child, 'exit');
    const [first] = await once(child, 'message');
    expect(first).toEqual({ resealed: 50, of: 1000 });
    for (const resealed of [100, 200]) {
      child.send('go on');
      expect(await once(child, 'message')).toMatchObject([{ resealed, of: 1000 }, undefined]);
    }
    // In the middle of the next step, wherever that is.
    child.send('go on');
    child.kill('SIGKILL');
    await exit;
    expect(await changes()).toEqual([0, 1]);

    const { resealed, of, unopened } = await reseal();
    expect([200 + resealed, 300 + resealed]).toContain(1000);
    expect([resealed, unopened]).toEqual([of, 0]);
    expect(await changes()).toEqual([1]);
    expect(await opened()).toEqual(secrets);
    expect(await reseal()).toEqual({ resealed: 0, of: 0, unopened: 0 });
  });

  it('are sealed anew once each by two replicas at once', async () => {
    const done = await Promise.all([reseal(), reseal(), reseal()]);
    expect(done.reduce((sum, { resealed }) => sum + resealed, 0)).toBe(1000);
    expect(await changes()).toEqual([1]);
    expect(await opened()).toEqual(secrets);
  });

  it('are found among many others, whatever the number of rows that are passed by', async () => {
    await reseal();
    await connection.database.execute(sql`
      insert into signing_keys select 'k' || n, project_id, algorithm, stage, public_jwk, 'v1.' ||
        (case when n = 11999 then 'stray' else split_part(sealed_private_jwk, '.', 2) end) || '.iv.tag.box',
        created_at, activated_at, expires_at, 1
      from (select * from signing_keys limit 1) as one, generate_series(1, 12000) as n
    `);
    const young = new AesGcmSecretBox(new KeyRing(YOUNG)).presentKey;
    const found: string[] = [];
    let after: { projectId: ProjectId; id: string } | undefined;
    let stretches = 0;
    do {
      const { secrets, last } = await ports.sealedSecrets.notUnder(young, 'signing-key', after, 100);
      found.push(...secrets.map(({ id }) => id));
      after = last;
      stretches += 1;
    } while (after !== undefined);
    expect(found).toEqual(['k11999']);
    expect(stretches).toBe(3);
  });
});
