import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { cryptoPorts } from '../../src/adapters/container/crypto-ports.ts';
import { OWASP_ARGON2_PARAMETERS } from '../../src/adapters/crypto/argon2-password-hasher.ts';
import { KeyRing } from '../../src/adapters/crypto/key-ring.ts';
import { scoped } from '../../src/adapters/memory/store.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import { createIam, type Iam } from '../../src/application/iam.ts';
import { providerConfiguration } from '../../src/application/providers/provider-configuration.ts';
import type { ProviderId } from '../../src/domain/project/auth-provider.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { SealedSecret } from '../../src/domain/session/sealed-secret.ts';
import { liveSecrets, type WebhookId, webhookBinding } from '../../src/domain/webhook/webhook-endpoint.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { SEALED_KINDS } from '../../src/ports/sealed-secrets.ts';
import { actorOf, anIam, aProjectOf, at, signIn, type TestIam } from '../support/an-iam.ts';
import { aProtectedUser, Phone, type ProtectedUser, someoneWhoMayEnrol } from '../support/authenticator.ts';
import { anId, aWebhook } from '../support/builders.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';

const [OLD, YOUNG] = [randomBytes(32), randomBytes(32)];
const ACME = 'acme' as ProviderId;
const DAY = 24 * 60 * 60;

describe('the master key, exchanged', () => {
  let test: TestIam;
  let project: ProjectState;
  let person: ProtectedUser;
  beforeEach(async () => {
    test = await anIam(() => ({ passwordHasher: aQuickHasher() }), {}, OLD);
    project = await aProjectOf(test, { v1Enabled: true });
    person = await aProtectedUser(test, at(project, 'gate'));
    const provider = { projectId: project.id, name: 'Acme', type: 'oidc', issuer: 'https://id.example', clientId: 'c' };
    const given = { ...provider, id: ACME, clientSecret: 'of acme' } as const;
    await test.iam.providers.configureProvider.execute(OPERATOR, given);
  });

  /** What a process with these master keys has. */
  const portsUnder = (present: Uint8Array, previous?: Uint8Array, next?: Uint8Array): Ports => {
    const { signingKeyDirectory } = test.ports;
    const keyRing = new KeyRing(present, previous, next);
    const hash = { parameters: OWASP_ARGON2_PARAMETERS, concurrency: 1, queue: 64 };
    const crypto = cryptoPorts({
      keyRing,
      hash,
      signingKeyDirectory,
      publicUrl: 'http://localhost',
      clock: test.clock,
    });
    return { ...test.ports, ...crypto, passwordHasher: aQuickHasher() };
  };
  const under = (...keys: Parameters<typeof portsUnder>) => createIam(portsUnder(...keys));
  const reseal = (iam: Iam = under(YOUNG, OLD)) => iam.sealing.resealSecrets.execute();
  const stored = async () => {
    const counts = await Promise.all(SEALED_KINDS.map((kind) => test.ports.sealedSecrets.count(kind)));
    return counts.map((count) =>
      [...count].map(([key, number]) => `${key === presentKey() ? 'young' : 'old'} ${number}`),
    );
  };
  const presentKey = () => portsUnder(YOUNG).secretBox.presentKey;
  const aWebhookWithTwoSecrets = async () => {
    const { projectId, tenantId } = person.actor;
    const id = anId<WebhookId>();
    const seal = (secret: string) => test.ports.secretBox.seal(secret, webhookBinding({ projectId, id }));
    const webhook = aWebhook(test.clock.now(), { id, projectId, tenantId, secret: seal('whsec_old') });
    webhook.rotateSecret(seal('whsec_new'), test.clock.now());
    await test.ports.unitOfWork.run(async ({ webhookEndpoints }) => webhookEndpoints.save(webhook));
  };
  const login = async (iam: Iam, visitor = person.visitor) =>
    iam.authentication.login.execute(visitor, {
      email: person.email,
      password: person.password,
      mfaCode: await person.phone.nextCode(),
    });

  describe('for what is sealed', () => {
    it('opens everything under the present key alone when it is sealed anew: keys sign, codes are right, providers are asked', async () => {
      const enrolling = await someoneWhoMayEnrol(test, at(project, 'gate'));
      const { secret } = await test.iam.mfa.setUpTotp.execute(enrolling.actor, { password: enrolling.password });
      await aWebhookWithTwoSecrets();
      expect(await reseal()).toEqual({ resealed: 9, of: 9, unopened: 0 });
      expect(await stored()).toEqual([['young 4'], ['young 1'], ['young 1'], ['young 1'], ['young 1'], ['young 1']]);

      const ports = portsUnder(YOUNG);
      const iam = createIam(ports);
      const visitor = at(project, 'v1');
      const outcome = await login(iam, visitor);
      const { tokens } = outcome.kind === 'signed-in' ? outcome : expect.fail();
      await expect(actorOf({ iam }, visitor, tokens.accessToken)).resolves.toBeDefined();
      const code = await new Phone(secret, test.clock).code();
      await expect(iam.mfa.confirmTotp.execute(enrolling.actor, { code })).resolves.toBeDefined();
      const provider = await ports.authProviderDirectory.byId(project.id, ACME);
      expect(providerConfiguration(provider ?? expect.fail(), ports.secretBox).clientSecret).toBe('of acme');
      for (const [, endpoint] of test.store.webhookEndpoints.entries()) {
        const opened = liveSecrets(endpoint, test.clock.now()).map((box) =>
          ports.secretBox.open(box, webhookBinding(endpoint)),
        );
        expect(opened).toEqual(['whsec_new', 'whsec_old']);
      }
    });

    it('does nothing twice: what is done is found to be done, and where all is there is nothing to do', async () => {
      const before = test.store.totpFactors.versionOf(scoped(project.id, person.actor.userId));
      await reseal();
      const once = test.store.totpFactors.versionOf(scoped(project.id, person.actor.userId));
      expect(once).not.toBe(before);
      expect(await reseal()).toEqual({ resealed: 0, of: 0, unopened: 0 });
      expect(test.store.totpFactors.versionOf(scoped(project.id, person.actor.userId))).toBe(once);
    });

    it('goes on where it was broken off', async () => {
      const told: unknown[] = [];
      const first = await under(YOUNG, OLD).sealing.resealSecrets.execute(async (progress) => {
        told.push(progress);
        return false;
      });
      expect(told).toEqual([{ resealed: 4, of: 6 }]);
      expect(first).toEqual({ resealed: 4, of: 6, unopened: 0 });
      expect(await reseal()).toEqual({ resealed: 2, of: 2, unopened: 0 });
    });

    it('is done once by sixteen at once', async () => {
      const { succeeded } = await sixteenAtOnce(() => reseal(under(YOUNG, OLD)));
      expect(succeeded.reduce((sum, { resealed }) => sum + resealed, 0)).toBe(6);
      expect((await stored()).flat().filter((count) => count.startsWith('old'))).toEqual([]);
    });

    it('leaves what does not open as it is, says how many, and does the rest', async () => {
      const key = scoped(project.id, person.actor.userId);
      const factor = test.store.totpFactors.get(key) ?? expect.fail();
      const changed = `${factor.secret?.slice(0, -2)}AA` as SealedSecret;
      test.store.totpFactors.put({ ...factor, secret: changed }, test.store.nextVersion());
      expect(await reseal()).toEqual({ resealed: 5, of: 6, unopened: 1 });
      expect(test.store.totpFactors.get(key)?.secret).toBe(changed);
    });

    it('opens under the old key, too, until it is done: none of it is lost by going back', async () => {
      await under(YOUNG, OLD).sealing.resealSecrets.execute(async () => false);
      await expect(login(under(OLD, YOUNG))).resolves.toMatchObject({ kind: 'second-factor' });
      expect(await reseal(under(OLD, YOUNG))).toEqual({ resealed: 4, of: 4, unopened: 0 });
      await expect(login(test.iam)).resolves.toBeDefined();
    });
  });

  describe('while codes are shown', () => {
    /** Seals everything anew when a code was found right, and before what it was shown for is committed. */
    const resealingMeanwhile = () => {
      const ports = portsUnder(YOUNG, OLD);
      return createIam({
        ...ports,
        totpAuthenticator: {
          newSecret: () => ports.totpAuthenticator.newSecret(),
          uri: (...given) => ports.totpAuthenticator.uri(...given),
          stepOf: async (...given) => {
            const step = await ports.totpAuthenticator.stepOf(...given);
            await reseal();
            return step;
          },
        },
      });
    };
    const failures = () => test.audited('auth.mfa.failed', {});

    it('takes one whose secret is sealed anew at that moment, once', async () => {
      const visitor = at(project, 'v1');
      const mfaCode = await person.phone.nextCode();
      const credentials = { email: person.email, password: person.password, mfaCode };
      const iam = resealingMeanwhile();
      await expect(iam.authentication.login.execute(visitor, credentials)).resolves.toMatchObject({
        kind: 'signed-in',
      });
      expect((await stored()).flat().filter((count) => count.startsWith('old'))).toEqual([]);
      expect(failures()).toEqual([]);
      await expect(iam.authentication.login.execute(visitor, credentials)).rejects.toMatchObject({
        code: 'mfa-invalid',
      });
    });

    it('takes the first one of a set-up whose secret is sealed anew at that moment', async () => {
      const enrolling = await someoneWhoMayEnrol(test, at(project, 'gate'));
      const { secret } = await test.iam.mfa.setUpTotp.execute(enrolling.actor, { password: enrolling.password });
      const code = await new Phone(secret, test.clock).code();
      await expect(resealingMeanwhile().mfa.confirmTotp.execute(enrolling.actor, { code })).resolves.toBeDefined();
      expect((await stored()).flat().filter((count) => count.startsWith('old'))).toEqual([]);
      expect(failures()).toEqual([]);
    });

    it('takes none for another secret that was set up at that moment', async () => {
      const enrolling = await someoneWhoMayEnrol(test, at(project, 'gate'));
      const setUp = async (iam: Iam) =>
        (await iam.mfa.setUpTotp.execute(enrolling.actor, { password: enrolling.password })).secret;
      const code = await new Phone(await setUp(test.iam), test.clock).code();
      const ports = portsUnder(YOUNG, OLD);
      const iam = createIam({
        ...ports,
        totpAuthenticator: {
          newSecret: () => ports.totpAuthenticator.newSecret(),
          uri: (...given) => ports.totpAuthenticator.uri(...given),
          stepOf: async (...given) => {
            await setUp(under(YOUNG, OLD));
            return ports.totpAuthenticator.stepOf(...given);
          },
        },
      });
      await expect(iam.mfa.confirmTotp.execute(enrolling.actor, { code })).rejects.toMatchObject({
        code: 'mfa-invalid',
      });
    });
  });

  describe('for the audit trail', () => {
    const chain = () => ({ projectId: project.id, tenantId: project.rootTenantId });
    const seal = (iam: Iam) => iam.audit.sealAuditRecords.execute(10_000);
    const lastSeal = async () => {
      const head = (await test.ports.auditArchive.extent(chain()))?.head.number ?? 0;
      return (await test.ports.auditArchive.stretch(chain(), { after: head - 1, upTo: head })).seals.at(-1);
    };
    const record = () => test.iam.projects.updateProject.execute(OPERATOR, { id: project.id, name: 'Renamed' });

    it('lets a seal follow one from before, though the key of that is gone', async () => {
      await seal(test.iam);
      expect(await under(YOUNG, OLD).sealing.attestHeadsAnew.execute()).toBeGreaterThan(0);
      expect(await under(YOUNG, OLD).sealing.attestHeadsAnew.execute()).toBe(0);
      await record();
      await seal(under(YOUNG));
      expect(await lastSeal()).toMatchObject({ followsForeign: false });
    });

    it('names it as foreign where that was not done', async () => {
      await seal(test.iam);
      await record();
      await seal(under(YOUNG));
      expect(await lastSeal()).toMatchObject({ followsForeign: true });
    });

    it('attests nothing that somebody else wrote', async () => {
      await seal(test.iam);
      const [standing = expect.fail()] = await test.ports.auditArchive.heads(undefined, 1);
      await test.ports.auditArchive.attest([{ ...standing, attestation: 'forged' }]);
      await under(YOUNG, OLD).sealing.attestHeadsAnew.execute();
      const [after] = await test.ports.auditArchive.heads(undefined, 1);
      expect(after?.head.attestation).toBe('forged');
    });
  });

  describe('and what still needs the one before', () => {
    const needs = (iam: Iam = under(YOUNG, OLD)) => iam.sealing.readMasterKeyNeeds.execute();

    it('is counted: boxes, chains, API keys; and how long the rest may take', async () => {
      const input = { projectId: project.id, name: 'Server', permissions: ['auth'] } as const;
      const { key } = await test.iam.projects.createApiKey.execute(OPERATOR, input);
      await test.iam.audit.sealAuditRecords.execute(10_000);
      const chains = (await test.ports.auditArchive.heads(undefined, 100)).length;
      expect(await needs()).toEqual({ sealed: 6, auditChains: chains, apiKeys: 1, seconds: 7 * DAY });

      const iam = under(YOUNG, OLD);
      await reseal(iam);
      expect(await needs()).toMatchObject({ sealed: 0, auditChains: chains, apiKeys: 1 });
      await iam.sealing.attestHeadsAnew.execute();
      expect(await needs()).toMatchObject({ sealed: 0, auditChains: 0, apiKeys: 1 });
      await iam.projects.authenticateApiKey.execute({ projectId: project.id, key });
      expect(await needs()).toMatchObject({ sealed: 0, auditChains: 0, apiKeys: 0 });
    });

    it('takes as long as the longest session of any project that nobody refreshes', async () => {
      const settings = { refreshIdleTtlSeconds: 20 * DAY, refreshAbsoluteTtlSeconds: 60 * DAY };
      await test.iam.projects.updateProject.execute(OPERATOR, { id: project.id, settings });
      expect(await needs()).toMatchObject({ seconds: 20 * DAY });
    });

    it('is no session that was refreshed', async () => {
      const visitor = at(project, 'gate');
      const other = await someoneWhoMayEnrol(test, visitor);
      const { tokens } = await signIn(test, visitor, other);
      const refreshed = await under(YOUNG, OLD).authentication.refreshSession.execute(visitor, tokens);
      await reseal();
      await expect(under(YOUNG).authentication.refreshSession.execute(visitor, refreshed)).resolves.toBeDefined();
      await expect(under(YOUNG).authentication.refreshSession.execute(visitor, other.tokens)).rejects.toMatchObject({
        code: 'token-invalid',
      });
    });
  });
});
