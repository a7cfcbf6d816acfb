import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ProjectId } from '../../src/domain/project/project.ts';
import { signingKeyBinding } from '../../src/domain/project/signing-key-binding.ts';
import { anId } from '../support/builders.ts';
import { aSigner } from './signing-keys.ts';

const { factory, secretBox } = aSigner();
const projectId = anId<ProjectId>();

describe('JoseSigningKeyFactory', () => {
  it.each([
    ['RS256', ['e', 'kty', 'n']],
    ['ES256', ['crv', 'kty', 'x', 'y']],
    ['Ed25519', ['crv', 'kty', 'x']],
  ] as const)(
    'publishes of an %s key its public members, use, alg and kid, and nothing private',
    async (algorithm, members) => {
      const { publicJwk, kid } = await factory.generate(projectId, algorithm);
      expect(Object.keys(publicJwk).sort()).toEqual([...members, 'alg', 'kid', 'use'].sort());
      expect(publicJwk).toMatchObject({ kid, use: 'sig', alg: algorithm });
    },
  );

  it('makes RSA keys of 2048 bits', async () => {
    const { publicJwk } = await factory.generate(projectId, 'RS256');
    expect(Buffer.from(publicJwk.n ?? '', 'base64url')).toHaveLength(256);
  });

  it.each(['RS256', 'ES256', 'Ed25519'] as const)(
    'names an %s key by its thumbprint (RFC 7638 §3)',
    async (algorithm) => {
      const { publicJwk, kid } = await factory.generate(projectId, algorithm);
      const required = ['crv', 'e', 'kty', 'n', 'x', 'y'].filter((member) => member in publicJwk);
      const canonical = JSON.stringify(Object.fromEntries(required.map((member) => [member, publicJwk[member]])));
      expect(kid).toBe(createHash('sha256').update(canonical).digest('base64url'));
    },
  );

  it('lets the private half leave only sealed, to this project and this key', async () => {
    const { sealedPrivateJwk, kid } = await factory.generate(projectId, 'ES256');
    const { sealedPrivateJwk: other, kid: otherKid } = await factory.generate(projectId, 'ES256');
    expect(JSON.parse(secretBox.open(sealedPrivateJwk, signingKeyBinding(projectId, kid)))).toHaveProperty('d');
    expect(() => secretBox.open(sealedPrivateJwk, signingKeyBinding(anId<ProjectId>(), kid))).toThrow();
    expect(() => secretBox.open(sealedPrivateJwk, signingKeyBinding(projectId, otherKid))).toThrow();
    expect(() => secretBox.open(other, signingKeyBinding(projectId, kid))).toThrow();
  });
});
