import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import type { ProjectId } from '../../src/domain/project/project.ts';
import { SigningKey } from '../../src/domain/project/signing-key.ts';
import type { AccessTokenClaims } from '../../src/ports/token-signer.ts';
import { anId } from '../support/builders.ts';
import { aSigner, claimsFor, PUBLIC_URL } from './signing-keys.ts';

const ALGORITHMS = ['RS256', 'ES256', 'Ed25519'] as const;

describe('JoseTokenSigner.sign', () => {
  it.each(ALGORITHMS)('writes an RFC 9068 token with the project’s current %s key', async (algorithm) => {
    const { signer, aProjectWithKey, clock } = aSigner();
    const { projectId, key } = await aProjectWithKey(algorithm);
    const claims = claimsFor(projectId, clock.now());
    const token = await signer.sign(claims);
    expect(decodeProtectedHeader(token)).toEqual({ alg: algorithm, kid: key.toState().kid, typ: 'at+jwt' });
    expect(decodeJwt(token)).toEqual({ ...claims, iss: `${PUBLIC_URL}/projects/${projectId}`, aud: projectId });
  });

  it.each(['RS256', 'Ed25519'] as const)('writes the same %s token for the same claims', async (algorithm) => {
    const { signer, aProjectWithKey, clock } = aSigner();
    const claims = claimsFor((await aProjectWithKey(algorithm)).projectId, clock.now());
    expect(await signer.sign(claims)).toBe(await signer.sign(claims));
  });

  it('refuses with `unavailable` where there is no current key', async () => {
    const { signer, addKey, clock } = aSigner();
    const projectId = anId<ProjectId>();
    await expect(signer.sign(claimsFor(projectId, clock.now()))).rejects.toMatchObject({ code: 'unavailable' });
    await addKey(projectId);
    await expect(signer.sign(claimsFor(projectId, clock.now()))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('does not sign with a key that was sealed for another project', async () => {
    const { signer, aProjectWithKey, shelf, clock } = aSigner();
    const { key } = await aProjectWithKey();
    const thief = anId<ProjectId>();
    shelf.keys.set(thief, [SigningKey.rehydrate({ ...key.toState(), projectId: thief })]);
    await expect(signer.sign(claimsFor(thief, clock.now()))).rejects.toThrow();
  });
});

describe('JoseTokenSigner.verify', () => {
  it.each(ALGORITHMS)('gives back what was signed with %s, first and remembered alike', async (algorithm) => {
    const { signer, another, aProjectWithKey, clock } = aSigner();
    const { projectId } = await aProjectWithKey(algorithm);
    const variants: readonly Partial<AccessTokenClaims>[] = [
      {},
      { client_id: 'v1', tenantId: anId(), email: null },
      { client_id: 'v1', email: 'ada@example.test', permissions_omitted: true },
      { client_id: 'v1', act: { sub: anId() } },
    ];
    for (const given of variants) {
      const claims = claimsFor(projectId, clock.now(), given);
      const token = await signer.sign(claims);
      for (const verifier of [signer, signer, another()]) expect(await verifier.verify(token)).toEqual(claims);
    }
  });

  it('says `token-expired` of a token past its time, first or remembered', async () => {
    const { signer, another, aProjectWithKey, clock } = aSigner();
    const { projectId } = await aProjectWithKey();
    const token = await signer.sign(claimsFor(projectId, clock.now()));
    await signer.verify(token);
    clock.advance(901);
    await expect(signer.verify(token)).rejects.toMatchObject({ code: 'token-expired' });
    await expect(another().verify(token)).rejects.toMatchObject({ code: 'token-expired' });
  });

  it('costs no look-up when warm: nobody notices for a while that the keys are out of reach', async () => {
    const { signer, aProjectWithKey, shelf, clock } = aSigner();
    const { projectId } = await aProjectWithKey();
    const [first, second] = await Promise.all([1, 2].map(() => signer.sign(claimsFor(projectId, clock.now()))));
    await signer.verify(first ?? expect.fail());
    shelf.reachable = false;
    await expect(signer.verify(first ?? expect.fail())).resolves.toBeDefined();
    clock.advance(1.5);
    await expect(signer.verify(second ?? expect.fail())).resolves.toBeDefined();
  });

  it('refuses rather than believe keys that it could not look up for 2 s, and recovers', async () => {
    const { signer, aProjectWithKey, shelf, clock } = aSigner();
    const { projectId } = await aProjectWithKey();
    const token = await signer.sign(claimsFor(projectId, clock.now()));
    await signer.verify(token);
    shelf.reachable = false;
    clock.advance(2);
    await expect(signer.verify(token)).rejects.toThrow('database gone');
    await expect(signer.sign(claimsFor(projectId, clock.now()))).rejects.toThrow('database gone');
    shelf.reachable = true;
    await expect(signer.verify(token)).resolves.toBeDefined();
  });

  it('looks keys up once for sixteen who ask at the same time', async () => {
    const { signer, another, aProjectWithKey, shelf, clock } = aSigner();
    const { projectId } = await aProjectWithKey();
    const token = await another().sign(claimsFor(projectId, clock.now()));
    shelf.lookups = 0;
    await Promise.all(Array.from({ length: 16 }, () => signer.verify(token)));
    expect(shelf.lookups).toBe(1);
  });

  it('looks once a second at most for keys that never were', async () => {
    const { signer, another, aProjectWithKey, addKey, shelf, clock } = aSigner();
    const { projectId, key } = await aProjectWithKey();
    const stranger = await another().sign(claimsFor(projectId, clock.now()));
    key.remove(clock.now());
    (await addKey(projectId)).activate(clock.now());
    await signer.sign(claimsFor(projectId, clock.now()));
    shelf.lookups = 0;
    for (let round = 0; round < 16; round += 1) {
      await expect(signer.verify(stranger)).rejects.toMatchObject({ code: 'token-invalid' });
    }
    expect(shelf.lookups).toBe(0);
    clock.advance(1);
    await Promise.all(
      Array.from({ length: 16 }, () =>
        expect(signer.verify(stranger)).rejects.toMatchObject({ code: 'token-invalid' }),
      ),
    );
    expect(shelf.lookups).toBe(1);
  });
});

describe('JoseTokenSigner and rotation', () => {
  it('verifies with next, current and previous keys without a gap, and signs with the new one', async () => {
    const { signer, another, aProjectWithKey, addKey, clock } = aSigner();
    const elsewhere = another();
    const { projectId, key: first } = await aProjectWithKey();
    const before = await signer.sign(claimsFor(projectId, clock.now()));
    await elsewhere.verify(before);
    const second = await addKey(projectId);
    clock.advance(2);
    await elsewhere.verify(before);
    first.retireAfter(900, clock.now());
    second.activate(clock.now());
    signer.forget(projectId);
    const after = await signer.sign(claimsFor(projectId, clock.now()));
    expect(decodeProtectedHeader(after).kid).toBe(second.toState().kid);
    for (const token of [before, after]) {
      await expect(signer.verify(token)).resolves.toBeDefined();
      await expect(elsewhere.verify(token)).resolves.toBeDefined();
    }
  });

  it('finds a key that was added a second ago elsewhere', async () => {
    const { signer, another, aProjectWithKey, addKey, clock } = aSigner();
    const elsewhere = another();
    const { projectId, key } = await aProjectWithKey();
    await elsewhere.verify(await signer.sign(claimsFor(projectId, clock.now())));
    key.remove(clock.now());
    (await addKey(projectId)).activate(clock.now());
    signer.forget(projectId);
    clock.advance(1);
    const token = await signer.sign(claimsFor(projectId, clock.now()));
    await expect(elsewhere.verify(token)).resolves.toBeDefined();
  });

  it('refuses tokens of a removed key at once where it was removed, within 2 s elsewhere, remembered or not', async () => {
    const { signer, another, aProjectWithKey, addKey, clock } = aSigner();
    const elsewhere = another();
    const { projectId, key } = await aProjectWithKey();
    const [seen, unseen] = [
      await signer.sign(claimsFor(projectId, clock.now())),
      await signer.sign(claimsFor(projectId, clock.now())),
    ];
    for (const verifier of [signer, elsewhere]) await verifier.verify(seen);
    key.remove(clock.now());
    (await addKey(projectId)).activate(clock.now());
    signer.forget(projectId);
    for (const token of [seen, unseen]) {
      await expect(signer.verify(token)).rejects.toMatchObject({ code: 'token-invalid' });
    }
    clock.advance(2);
    for (const token of [seen, unseen]) {
      await expect(elsewhere.verify(token)).rejects.toMatchObject({ code: 'token-invalid' });
    }
  });

  it('is not misled by a look-up that was under way when the keys changed', async () => {
    const { signer, aProjectWithKey, addKey, shelf, clock } = aSigner();
    const { projectId, key } = await aProjectWithKey();
    const token = await signer.sign(claimsFor(projectId, clock.now()));
    const successor = await addKey(projectId);
    let arrive: () => void = () => {};
    shelf.delay = new Promise((resolve) => {
      arrive = resolve;
    });
    signer.forget(projectId);
    const underWay = signer.jwks(projectId);
    key.remove(clock.now());
    successor.activate(clock.now());
    signer.forget(projectId);
    arrive();
    await underWay;
    await expect(signer.verify(token)).rejects.toMatchObject({ code: 'token-invalid' });
  });

  it('stops believing a previous key the moment its time is over', async () => {
    const { signer, aProjectWithKey, addKey, clock } = aSigner();
    const { projectId, key } = await aProjectWithKey();
    const iat = Math.floor(clock.now().getTime() / 1000);
    const token = await signer.sign(claimsFor(projectId, clock.now(), { exp: iat + 10_000 }));
    (await addKey(projectId)).activate(clock.now());
    key.retireAfter(1, clock.now());
    signer.forget(projectId);
    await signer.verify(token);
    clock.advance(1);
    await expect(signer.verify(token)).rejects.toMatchObject({ code: 'token-invalid' });
    expect((await signer.jwks(projectId))?.keys).toHaveLength(1);
  });
});

describe('JoseTokenSigner.jwks', () => {
  it('publishes current, next and unexpired previous keys, public members only', async () => {
    const { signer, aProjectWithKey, addKey, clock } = aSigner();
    const { projectId, key } = await aProjectWithKey('RS256');
    const [second, third, gone] = [
      await addKey(projectId),
      await addKey(projectId, 'Ed25519'),
      await addKey(projectId),
    ];
    key.retireAfter(900, clock.now());
    second.activate(clock.now());
    gone.remove(clock.now());
    const published = (await signer.jwks(projectId))?.keys ?? [];
    expect(published.map(({ kid }) => kid)).toEqual([key, second, third].map((each) => each.toState().kid));
    for (const jwk of published) {
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) expect(jwk).not.toHaveProperty(secret);
    }
  });

  it('is the same object while the keys are the same, and another when they are not', async () => {
    const { signer, aProjectWithKey, addKey, clock } = aSigner();
    const { projectId } = await aProjectWithKey();
    const first = await signer.jwks(projectId);
    clock.advance(10);
    expect(await signer.jwks(projectId)).toBe(first);
    await addKey(projectId);
    clock.advance(10);
    expect((await signer.jwks(projectId))?.keys).toHaveLength(2);
  });

  it('is `undefined` for a project without keys', async () => {
    const { signer } = aSigner();
    expect(await signer.jwks(anId<ProjectId>())).toBeUndefined();
  });

  it.each(ALGORITHMS)('lets a stranger verify our %s tokens, by jose’s own remote JWKS', async (algorithm) => {
    const { signer, aProjectWithKey, addKey, clock } = aSigner();
    const { projectId } = await aProjectWithKey(algorithm);
    await addKey(projectId);
    const published = JSON.stringify(await signer.jwks(projectId));
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(published);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const keys = createRemoteJWKSet(new URL(`http://127.0.0.1:${port}/jwks.json`));
      const claims = claimsFor(projectId, clock.now());
      const { payload } = await jwtVerify(await signer.sign(claims), keys, {
        issuer: `${PUBLIC_URL}/projects/${projectId}`,
        audience: projectId,
        typ: 'at+jwt',
        algorithms: [algorithm],
      });
      expect(payload).toMatchObject(claims);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
