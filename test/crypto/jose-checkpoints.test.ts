import { decodeProtectedHeader, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { JoseCheckpointReader } from '../../src/adapters/crypto/jose-checkpoint-reader.ts';
import { JoseCheckpointSigner } from '../../src/adapters/crypto/jose-checkpoint-signer.ts';
import { SigningKeyRings } from '../../src/adapters/crypto/signing-key-rings.ts';
import type { AuditCheckpoint, ContentHash } from '../../src/domain/audit/audit-chain.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { SigningAlgorithm } from '../../src/domain/project/project-settings.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import { anId } from '../support/builders.ts';
import { aSigner, claimsFor } from './signing-keys.ts';

async function aNotary(algorithm: SigningAlgorithm = 'ES256') {
  const keys = aSigner();
  const { projectId, key } = await keys.aProjectWithKey(algorithm);
  const checkpoint: AuditCheckpoint = {
    projectId,
    tenantId: anId<TenantId>(),
    number: 7,
    hash: 'h'.repeat(43) as ContentHash,
    count: 12,
    issuedAt: new Date('2026-03-04T05:06:07Z'),
  };
  const signer = new JoseCheckpointSigner(new SigningKeyRings(keys.shelf, keys.secretBox, keys.clock));
  const jwks = async () => (await keys.signer.jwks(projectId)) ?? expect.fail();
  return { ...keys, projectId, key, checkpoint, checkpoints: signer, jwks };
}

describe('a checkpoint', () => {
  it.each<SigningAlgorithm>(['RS256', 'ES256', 'Ed25519'])('says with %s what was signed', async (algorithm) => {
    const { checkpoints, checkpoint, jwks, key } = await aNotary(algorithm);
    const reader = new JoseCheckpointReader(await jwks());
    for (const given of [checkpoint, { ...checkpoint, tenantId: null }]) {
      const jws = await checkpoints.sign(given);
      expect(decodeProtectedHeader(jws)).toEqual({
        alg: algorithm,
        kid: key.toState().kid,
        typ: 'audit-checkpoint+jwt',
      });
      expect(await reader.read(jws)).toEqual(given);
    }
  });

  it('is no access token, and no access token is one', async () => {
    const { checkpoints, checkpoint, signer, projectId, clock, jwks } = await aNotary();
    const reader = new JoseCheckpointReader(await jwks());
    await expect(signer.verify(await checkpoints.sign(checkpoint))).rejects.toMatchObject({ code: 'token-invalid' });
    expect(await reader.read(await signer.sign(claimsFor(projectId, clock.now())))).toBeUndefined();
  });

  it('is read with the keys of its time, whatever has become of them', async () => {
    const { checkpoints, checkpoint, key, clock, jwks } = await aNotary();
    const reader = new JoseCheckpointReader(await jwks());
    const jws = await checkpoints.sign(checkpoint);
    key.retireAfter(1, clock.now());
    clock.advance(10 * 365 * 24 * 60 * 60);
    expect(await reader.read(jws)).toEqual(checkpoint);
    await expect(checkpoints.sign(checkpoint)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is not read with the keys of others, nor when anything of it was changed', async () => {
    const { checkpoints, checkpoint, jwks } = await aNotary();
    const stranger = await aNotary();
    const jws = await checkpoints.sign(checkpoint);
    expect(await new JoseCheckpointReader(await stranger.jwks()).read(jws)).toBeUndefined();
    const reader = new JoseCheckpointReader(await jwks());
    for (let at = 0; at < jws.length - 1; at += 7) {
      const other = jws[at] === 'A' ? 'B' : 'A';
      expect(await reader.read(jws.slice(0, at) + other + jws.slice(at + 1)), String(at)).toBeUndefined();
    }
    for (const none of ['', 'x', 'a.b.c', `${jws}.`, jws.slice(1)]) expect(await reader.read(none)).toBeUndefined();
  });

  it('is signed by a project with a key, and by no other', async () => {
    const { checkpoints, checkpoint } = await aNotary();
    const elsewhere = { ...checkpoint, projectId: anId<ProjectId>() };
    await expect(checkpoints.sign(elsewhere)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('says everything that one says, or is none', async () => {
    const { key, jwks, secretBox, shelf, clock, projectId } = await aNotary();
    const rings = new SigningKeyRings(shelf, secretBox, clock);
    const usable = (await (await rings.of(projectId))?.signer()) ?? expect.fail();
    const reader = new JoseCheckpointReader(await jwks());
    const whole = { project: projectId, tenant: null, number: 1, hash: 'h', count: 1, iat: 1 };
    const signed = (claims: object) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: usable.algorithm, kid: key.toState().kid, typ: 'audit-checkpoint+jwt' })
        .sign(usable.key);
    expect(await reader.read(await signed(whole))).toMatchObject({ projectId, number: 1 });
    const wrong = [{ project: 'x' }, { tenant: undefined }, { tenant: 'x' }, { number: 0 }, { number: 1.5 }];
    for (const change of [...wrong, { number: '1' }, { hash: 1 }, { count: -1 }, { iat: undefined }]) {
      expect(await reader.read(await signed({ ...whole, ...change })), JSON.stringify(change)).toBeUndefined();
    }
  });
});
