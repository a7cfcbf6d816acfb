import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SigningKey } from '../../src/domain/project/signing-key.ts';
import { type SealedSecret, sealedUnder } from '../../src/domain/session/sealed-secret.ts';
import type { TotpFactor, TotpStep } from '../../src/domain/user/totp-factor.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import { type KeptSecret, SEALED_KINDS, type SealedKind, type SecretPlace } from '../../src/ports/sealed-secrets.ts';
import { aProvider, aSealedSecret, aSigningKey, aTotpFactor, aWebhook } from '../support/builders.ts';
import { type Place, seedProject, seedUser } from '../support/seeds.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

const OLD = 'old';
const PRESENT = 'present';

function under(key: string): SealedSecret {
  return aSealedSecret().replace('.key.', `.${key}.`) as SealedSecret;
}

/** What lies sealed is found by its key, and put under another one beside everybody else. */
export function describeSealedSecretsContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`sealed secrets: ${name}`, () => {
    const now = new Date();
    let subject: StoreSubject;
    let place: Place;

    beforeEach(async () => {
      subject = await makeSubject();
      place = await seedProject(subject.unitOfWork, now);
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const run: StoreSubject['unitOfWork']['run'] = (work) => subject.unitOfWork.run(work);

    /** One of every kind, each of another place. */
    async function seedOne(kind: SealedKind, sealed: SealedSecret): Promise<SecretPlace> {
      const { projectId } = place;
      if (kind === 'signing-key') {
        const state = aSigningKey(now, projectId).toState();
        await run(async ({ signingKeys }) =>
          signingKeys.save(SigningKey.rehydrate({ ...state, sealedPrivateJwk: sealed })),
        );
        return { projectId, id: state.kid };
      }
      if (kind === 'provider-secret') {
        const provider = aProvider(now, { projectId, clientSecret: sealed });
        await run(async ({ authProviders }) => authProviders.save(provider));
        return { projectId, id: provider.toState().id };
      }
      if (kind === 'webhook-secret' || kind === 'previous-webhook-secret') {
        const webhook = aWebhook(now, { ...place, secret: sealed });
        if (kind === 'previous-webhook-secret') webhook.rotateSecret(under(PRESENT), now);
        await run(async ({ webhookEndpoints }) => webhookEndpoints.save(webhook));
        return { projectId, id: webhook.toState().id };
      }
      const { id } = await seedUser(subject.unitOfWork, now, place);
      await seedFactor(id, sealed, kind === 'totp-secret');
      return { projectId, id };
    }

    async function seedFactor(userId: UserId, pendingSecret: SealedSecret, inForce: boolean): Promise<TotpFactor> {
      const factor = aTotpFactor(now, { projectId: place.projectId, userId }, { pendingSecret });
      if (inForce) factor.confirm(pendingSecret, 1 as TotpStep, now);
      await run(async ({ totpFactors }) => totpFactors.save(factor));
      return factor;
    }

    /** Everything that does not lie under the present key, in pages. */
    async function allOthers(kind: SealedKind, limit: number): Promise<readonly KeptSecret[]> {
      const found: KeptSecret[] = [];
      let after: SecretPlace | undefined;
      do {
        const { secrets, last } = await subject.sealedSecrets.notUnder(PRESENT, kind, after, limit);
        expect(secrets.length).toBeLessThanOrEqual(limit);
        found.push(...secrets);
        after = last;
      } while (after !== undefined);
      return found;
    }

    it.each(SEALED_KINDS)('counts by their keys, finds and replaces those of the kind %s', async (kind) => {
      const sealed = under(OLD);
      const { projectId, id } = await seedOne(kind, sealed);
      expect(await subject.sealedSecrets.count(kind)).toEqual(new Map([[OLD, 1]]));
      const [kept, ...rest] = await allOthers(kind, 10);
      expect([kept, rest]).toEqual([{ projectId, id, sealed }, []]);

      const boxes = [{ kept: kept ?? expect.fail(), by: under(PRESENT) }];
      expect(await subject.sealedSecrets.replace(kind, boxes)).toBe(1);
      expect(await subject.sealedSecrets.count(kind)).toEqual(new Map([[PRESENT, 1]]));
      expect(await allOthers(kind, 10)).toEqual([]);
      // An earlier secret of a webhook lies beside the one in force.
      const others = SEALED_KINDS.filter((other) => other !== kind && `previous-${other}` !== kind);
      for (const other of others) expect(await subject.sealedSecrets.count(other)).toEqual(new Map());
    });

    it('finds each once, in the order of their places, whatever the size of the pages', async () => {
      const users: UserId[] = [];
      for (let index = 0; index < 7; index += 1) {
        const { id } = await seedUser(subject.unitOfWork, now, place);
        users.push(id);
        await seedFactor(id, under(index === 3 ? PRESENT : index === 5 ? 'unheard-of' : OLD), true);
      }
      const wanted = users.filter((_, index) => index !== 3).sort();
      for (const limit of [1, 2, 3, 6, 100]) {
        expect((await allOthers('totp-secret', limit)).map(({ id }) => id)).toEqual(wanted);
      }
      expect(await subject.sealedSecrets.count('totp-secret')).toEqual(
        new Map([
          [OLD, 5],
          [PRESENT, 1],
          ['unheard-of', 1],
        ]),
      );
    });

    it('replaces what lies there still, and nothing that was changed since or is gone', async () => {
      const [changed, gone, still] = [
        (await seedUser(subject.unitOfWork, now, place)).id,
        (await seedUser(subject.unitOfWork, now, place)).id,
        (await seedUser(subject.unitOfWork, now, place)).id,
      ];
      for (const id of [changed, gone, still]) await seedFactor(id, under(OLD), false);
      const boxes = (await allOthers('pending-totp-secret', 10)).map((kept) => ({ kept, by: under(PRESENT) }));
      const another = under(OLD);
      await run(async ({ totpFactors }) => {
        const [mine, theirs] = [
          await totpFactors.ofUser(place.projectId, changed),
          await totpFactors.ofUser(place.projectId, gone),
        ];
        if (!mine || !theirs) throw new Error('not seeded');
        mine.begin({ pendingSecret: another, pendingExpiresAt: null, pendingRecoveryCodes: [] }, now);
        totpFactors.save(mine);
        totpFactors.remove(theirs);
      });

      expect(await subject.sealedSecrets.replace('pending-totp-secret', boxes)).toBe(1);
      const left = await allOthers('pending-totp-secret', 10);
      expect(left).toEqual([{ projectId: place.projectId, id: changed, sealed: another }]);
    });

    it('replaces each once of sixteen at once', async () => {
      const ids: UserId[] = [];
      for (let index = 0; index < 5; index += 1) ids.push((await seedUser(subject.unitOfWork, now, place)).id);
      for (const id of ids) await seedFactor(id, under(OLD), true);
      const kept = await allOthers('totp-secret', 10);
      const { succeeded } = await sixteenAtOnce(() =>
        subject.sealedSecrets.replace(
          'totp-secret',
          kept.map((each) => ({ kept: each, by: under(PRESENT) })),
        ),
      );
      expect(succeeded.reduce((sum, replaced) => sum + replaced, 0)).toBe(5);
      expect(await allOthers('totp-secret', 10)).toEqual([]);
    });

    it('lets nobody save what they made of the box before, and keeps what they saved of the rest', async () => {
      const { id: userId } = await seedUser(subject.unitOfWork, now, place);
      const pending = under(OLD);
      await seedFactor(userId, pending, false);
      const [kept] = await allOthers('pending-totp-secret', 10);
      const by = under(PRESENT);
      let runs = 0;
      await run(async ({ totpFactors }) => {
        const factor = await totpFactors.ofUser(place.projectId, userId);
        if (!factor || !kept) throw new Error('not seeded');
        runs += 1;
        if (runs === 1) await subject.sealedSecrets.replace('pending-totp-secret', [{ kept, by }]);
        const { pendingSecret } = factor.toState();
        factor.confirm(pendingSecret ?? expect.fail(), 1 as TotpStep, now);
        totpFactors.save(factor);
      });

      expect(runs).toBe(2);
      const factor = await subject.totpFactorDirectory.ofUser(place.projectId, userId);
      expect(factor?.state).toMatchObject({ secret: by, pendingSecret: null, lastStep: 1 });
      expect(sealedUnder(factor?.state.secret ?? expect.fail())).toBe(PRESENT);
    });
  });
}
