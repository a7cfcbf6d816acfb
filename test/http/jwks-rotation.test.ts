import { createRemoteJWKSet, customFetch, jwtVerify, type RemoteJWKSet } from 'jose';
import { afterEach, expect, it } from 'vitest';
import { JoseTokenSigner } from '../../src/adapters/crypto/jose-token-signer.ts';
import { type HttpServer, startHttpServer } from '../../src/adapters/http/server.ts';
import { createIam } from '../../src/application/iam.ts';
import { defaultPolicy } from '../../src/application/policy.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { from } from '../support/an-iam.ts';
import { anEmail } from '../support/builders.ts';
import { aGateWorld, PASSWORD } from './gate-world.ts';

const ISSUER = 'https://iam.example';
const PACE_SECONDS = 300;
const STEP_SECONDS = 20;
const TOKEN_SECONDS = 900;

let server: HttpServer | undefined;
afterEach(() => server?.stop());

/** Verifies tokens elsewhere, keeps a JWKS for as long as its answer says, and never asks for another one before. */
class RelyingParty {
  readonly #url: URL;
  readonly #clock: Clock;
  #keys: RemoteJWKSet | undefined;
  #until = 0;
  asked = 0;

  constructor(url: string, clock: Clock) {
    this.#url = new URL(url);
    this.#clock = clock;
  }

  async verify(token: string, audience: string): Promise<void> {
    const now = this.#clock.now();
    if (now.getTime() >= this.#until) this.#keys = undefined;
    this.#keys ??= createRemoteJWKSet(this.#url, {
      cacheMaxAge: Number.POSITIVE_INFINITY,
      cooldownDuration: Number.POSITIVE_INFINITY,
      [customFetch]: async (url, options) => {
        const answer = await fetch(url, options);
        const [, maxAge = '0'] = /max-age=(\d+)/.exec(answer.headers.get('Cache-Control') ?? '') ?? [];
        this.#until = now.getTime() + Number(maxAge) * 1000;
        this.asked += 1;
        return answer;
      },
    });
    await jwtVerify(token, this.#keys, { issuer: `${ISSUER}/projects/${audience}`, audience, currentDate: now });
  }
}

it('relying parties that keep a JWKS for as long as they may verify every token while keys rotate all the time', async () => {
  const { app, ports, clock, project } = await aGateWorld({
    settings: { accessTokenTtlSeconds: TOKEN_SECONDS, signingAlgorithm: 'ES256' },
  });
  server = await startHttpServer(app, { host: '127.0.0.1', port: 0 });
  const elsewhere = createIam(
    { ...ports, tokenSigner: new JoseTokenSigner({ ...ports, publicUrl: ISSUER }) },
    { ...defaultPolicy, signingKeySeconds: PACE_SECONDS },
  );
  const visitor = { projectId: project.id, dialect: 'gate', origin: from('192.0.2.1') } as const;
  const person = { email: anEmail(), password: PASSWORD };
  await elsewhere.authentication.register.execute(visitor, person);
  const aToken = async () => {
    const outcome = await elsewhere.authentication.login.execute(visitor, person);
    return outcome.kind === 'signed-in' ? outcome.tokens.accessToken : expect.fail();
  };

  const url = `http://127.0.0.1:${server.port}/api/v1/pub/${project.id}/.well-known/jwks.json`;
  const parties = Array.from({ length: 5 }, () => new RelyingParty(url, clock));
  const tokens: string[] = [];
  const failures: unknown[] = [];
  let verifications = 0;
  for (let step = 0; step < 150; step += 1) {
    expect(await elsewhere.projects.rotateDueSigningKeys.execute(100)).toEqual([]);
    tokens.push(await aToken());
    const living = tokens.slice(-TOKEN_SECONDS / STEP_SECONDS);
    const shown = [living[0], living[Math.floor(living.length / 2)], living.at(-1)].map(
      (token) => token ?? expect.fail(),
    );
    // Each began at another moment, and so asks at others.
    for (const party of parties.slice(0, 1 + step / 3)) {
      for (const token of shown) {
        verifications += 1;
        await party.verify(token, project.id).catch((error: unknown) => failures.push({ step, error }));
      }
    }
    clock.advance(STEP_SECONDS);
  }

  expect(failures).toEqual([]);
  expect(verifications).toBeGreaterThan(2_000);
  const rotations = ports.store
    .auditRecords()
    .filter(({ action, projectId }) => action === 'signing-key.rotated' && projectId === project.id);
  expect(rotations).toHaveLength((150 * STEP_SECONDS) / PACE_SECONDS - 1);
  for (const { asked } of parties) expect(asked).toBeLessThanOrEqual((150 * STEP_SECONDS) / PACE_SECONDS);
});
