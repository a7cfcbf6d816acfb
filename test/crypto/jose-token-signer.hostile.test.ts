import { createPublicKey, type JsonWebKey } from 'node:crypto';
import fc from 'fast-check';
import {
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { SigningKey } from '../../src/domain/project/signing-key.ts';
import { signingKeyBinding } from '../../src/domain/project/signing-key-binding.ts';
import type { AccessTokenClaims } from '../../src/ports/token-signer.ts';
import { aSigner, claimsFor, PUBLIC_URL } from './signing-keys.ts';

const { signer, another, aProjectWithKey, addKey, secretBox, clock } = aSigner();
let projectId: ProjectId;
let key: SigningKey;
let token: string;

beforeAll(async () => {
  ({ projectId, key } = await aProjectWithKey('RS256'));
  token = await signer.sign(claimsFor(projectId, clock.now()));
});

const payloadFor = (claims: AccessTokenClaims): JWTPayload => ({
  iss: `${PUBLIC_URL}/projects/${claims.pid}`,
  aud: claims.pid,
  ...claims,
});

/** Signed with the project's real key, but whatever one likes in header and payload. */
async function forged(payload: object, header: object = {}, by: SigningKey = key): Promise<string> {
  const { kid, algorithm, sealedPrivateJwk, projectId } = by.toState();
  const jwk = JSON.parse(secretBox.open(sealedPrivateJwk, signingKeyBinding(projectId, kid)));
  const protectedHeader: JWTHeaderParameters = { alg: algorithm, kid, typ: 'at+jwt', ...header };
  return new SignJWT({ ...payloadFor(claimsFor(projectId, clock.now())), ...payload })
    .setProtectedHeader(protectedHeader)
    .sign(await importJWK(jwk, algorithm));
}

const refuses = async (hostile: string) => {
  for (const verifier of [signer, signer, another()]) {
    await expect(verifier.verify(hostile)).rejects.toMatchObject({ code: 'token-invalid' });
  }
};

describe('a hostile access token', () => {
  it('is what the forger makes: with nothing wrong in it, its token is taken', async () => {
    await expect(signer.verify(await forged({}))).resolves.toMatchObject({ pid: projectId });
  });

  it('is refused with `alg: none`, with and without the rest of it', async () => {
    const claims = payloadFor(claimsFor(projectId, clock.now()));
    await refuses(new UnsecuredJWT(claims).encode());
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const alg of ['none', 'None', 'NONE', '']) {
      const header = encode({ alg, kid: key.toState().kid, typ: 'at+jwt' });
      await refuses(`${header}.${encode(claims)}.`);
      await refuses(`${header}.${encode(claims)}.${token.split('.')[2]}`);
    }
  });

  it('is refused when the public key served as the secret of an HS256', async () => {
    const { kid, publicJwk } = key.toState();
    const publicKey = createPublicKey({ key: publicJwk as JsonWebKey, format: 'jwk' });
    const secrets = [
      publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      publicKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
      JSON.stringify(publicJwk),
    ];
    for (const secret of secrets) {
      const hostile = await new SignJWT(payloadFor(claimsFor(projectId, clock.now())))
        .setProtectedHeader({ alg: 'HS256', kid, typ: 'at+jwt' })
        .sign(Buffer.from(secret));
      await refuses(hostile);
    }
  });

  it('is refused when a right key signed by another algorithm than its own', async () => {
    const { kid, sealedPrivateJwk } = key.toState();
    const jwk = JSON.parse(secretBox.open(sealedPrivateJwk, signingKeyBinding(projectId, kid)));
    for (const alg of ['PS256', 'RS512']) {
      const hostile = await new SignJWT(payloadFor(claimsFor(projectId, clock.now())))
        .setProtectedHeader({ alg, kid, typ: 'at+jwt' })
        .sign(await importJWK(jwk, alg));
      await refuses(hostile);
    }
  });

  it('is refused under the kid of another key, of the same project or of another', async () => {
    const sibling = await addKey(projectId, 'RS256');
    const stranger = await aProjectWithKey('RS256');
    await refuses(await forged({}, { kid: sibling.toState().kid }));
    await refuses(await forged({}, { kid: stranger.key.toState().kid }));
  });

  it('is refused when another project’s key signed it in this one’s name', async () => {
    const stranger = await aProjectWithKey('RS256');
    const claims = payloadFor(claimsFor(projectId, clock.now()));
    await refuses(await forged(claims, {}, stranger.key));
    await refuses(await forged(claims, { kid: key.toState().kid }, stranger.key));
    await refuses(await forged({ iss: claims.iss, aud: claims.aud }, {}, stranger.key));
    await refuses(await forged({ pid: stranger.projectId }));
  });

  it('is refused with a kid that is no key’s, whatever it looks like', async () => {
    for (const kid of [
      '',
      '__proto__',
      'constructor',
      '../../etc/passwd',
      "' OR 1=1 --",
      '\0',
      'x'.repeat(2_000),
      7,
      null,
      ['a'],
    ]) {
      await refuses(await forged({}, { kid }));
    }
  });

  it('cannot bring its own key along', async () => {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = await exportJWK(publicKey);
    for (const extra of [{ jwk }, { jku: 'http://127.0.0.1:9/jwks' }, { x5u: 'http://127.0.0.1:9/x5u' }]) {
      const hostile = await new SignJWT(payloadFor(claimsFor(projectId, clock.now())))
        .setProtectedHeader({ alg: 'RS256', kid: key.toState().kid, typ: 'at+jwt', ...extra })
        .sign(privateKey);
      await refuses(hostile);
    }
  });

  it.each(['JWT', 'id+jwt', 'dpop+jwt', undefined, ''])(
    'is refused with typ %s: it was made for something else',
    async (typ) => {
      await refuses(await forged({}, { typ }));
    },
  );

  it.each([
    ['iss', 'https://evil.example'],
    ['iss', [`${PUBLIC_URL}`]],
    ['aud', 'another'],
    ['sub', 'not-an-id'],
    ['sub', 7],
    ['pid', 'not-an-id'],
    ['tid', null],
    ['sid', {}],
    ['client_id', 'other'],
    ['jti', 7],
    ['iat', 'now'],
    ['iat', 1.5],
    ['exp', '9999999999'],
    ['exp', 1e300],
    ['nbf', 9_999_999_999],
    ['nbf', 'soon'],
    ['auth_time', null],
    ['amr', 'pwd'],
    ['amr', [1]],
    ['email_verified', 'true'],
    ['roles', 'owner'],
    ['roles', [null]],
    ['permissions', '*'],
    ['permissions_omitted', false],
    ['tenantId', 'not-an-id'],
    ['email', 7],
    ['act', 'somebody'],
    ['act', null],
    ['act', []],
    ['act', { sub: 'not-an-id' }],
    ['act', { sub: '018f6d5e-0000-7000-8000-000000000001', act: { sub: '018f6d5e-0000-7000-8000-000000000002' } }],
  ])('is refused when its %s is %j, though the right key signed it', async (claim, value) => {
    await refuses(await forged({ [claim]: value }));
  });

  it('is refused for an audience of several, ours among them', async () => {
    await refuses(await forged({ aud: [projectId, 'another'] }));
  });

  it.each([
    'iss',
    'aud',
    'sub',
    'pid',
    'tid',
    'sid',
    'client_id',
    'jti',
    'iat',
    'exp',
    'auth_time',
    'amr',
    'email_verified',
    'roles',
  ])('is refused without %s', async (claim) => {
    await refuses(await forged({ [claim]: undefined }));
  });

  it('keeps claims that nobody asked for to itself', async () => {
    const verified = await signer.verify(await forged({ admin: true, scope: 'everything' }));
    expect(verified).not.toHaveProperty('admin');
    expect(Object.keys(verified).sort()).toEqual(Object.keys(claimsFor(projectId, clock.now())).sort());
  });

  it('is `token-invalid`, not `token-expired`, when its signature is wrong and its time over', async () => {
    const expired = await signer.sign(claimsFor(projectId, clock.now(), { exp: 1 }));
    await expect(signer.verify(expired)).rejects.toMatchObject({ code: 'token-expired' });
    const [header, payload] = expired.split('.');
    await refuses(`${header}.${payload}.${token.split('.')[2]}`);
  });

  it('is refused with any one character changed, and leaves the real one working', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: token.length - 1 }), fc.constantFrom(...'ABab01-_=.+/ '), async (at, char) => {
        const changed = token.slice(0, at) + char + token.slice(at + 1);
        fc.pre(changed !== token);
        await expect(signer.verify(changed)).rejects.toMatchObject({ code: 'token-invalid' });
      }),
      { numRuns: 300 },
    );
    await expect(signer.verify(token)).resolves.toBeDefined();
  });

  it('is refused in any other spelling of its last character', async () => {
    for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
      const spelled = token.slice(0, -1) + char;
      if (spelled !== token) await expect(signer.verify(spelled)).rejects.toMatchObject({ code: 'token-invalid' });
    }
  });

  it('is refused as any text at all', async () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.base64String(), { maxLength: 6 }).map((parts) => parts.join('.')),
    );
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        await expect(signer.verify(text)).rejects.toMatchObject({ code: 'token-invalid' });
      }),
    );
    await expect(signer.verify('.'.repeat(100_000))).rejects.toMatchObject({ code: 'token-invalid' });
  });
});
