import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { HmacSecretIssuer } from '../../src/adapters/crypto/hmac-secret-issuer.ts';
import { KeyRing } from '../../src/adapters/crypto/key-ring.ts';
import { OPERATOR } from '../../src/application/actor.ts';
import { createIam } from '../../src/application/iam.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { anIam, aProjectOf, type TestIam } from '../support/an-iam.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';

const [OLD, YOUNG] = [randomBytes(32), randomBytes(32)];
const issuerOf = (...keys: readonly [Uint8Array, Uint8Array?, Uint8Array?]) =>
  new HmacSecretIssuer(new KeyRing(...keys));

describe('an API key while the master key is exchanged', () => {
  let test: TestIam;
  let project: ProjectState;
  let key: string;
  beforeEach(async () => {
    test = await anIam(() => ({ secretIssuer: issuerOf(OLD) }));
    project = await aProjectOf(test);
    key = await create(test.iam);
  });

  const create = async ({ projects }: TestIam['iam']) => {
    const input = { projectId: project.id, name: 'Server', permissions: ['auth'] } as const;
    return (await projects.createApiKey.execute(OPERATOR, input)).key;
  };
  /** Another process, with these master keys. */
  const replica = (secretIssuer: HmacSecretIssuer, ports: Partial<Ports> = {}) =>
    createIam({ ...test.ports, secretIssuer, ...ports });
  const open = (iam: TestIam['iam'], shown = key) =>
    iam.projects.authenticateApiKey.execute({ projectId: project.id, key: shown });
  const live = () => test.ports.apiKeyDirectory.countLive(test.clock.now());
  const [during, young] = [issuerOf(YOUNG, OLD), issuerOf(YOUNG)];

  it('is brought under the present one by being shown, and opens without the old one from then on', async () => {
    await expect(open(replica(young))).rejects.toMatchObject({ code: 'invalid-api-key' });
    expect(await live()).toEqual(new Map([['', 1]]));
    await open(replica(during));
    expect(await live()).toEqual(new Map([[during.presentKey, 1]]));
    await expect(open(replica(young))).resolves.toMatchObject({ apiKey: { name: 'Server' } });
    expect(test.audited('api-key.created', {})).toHaveLength(1);
  });

  it('is brought there once, whatever the number of replicas that it is shown at', async () => {
    const { succeeded } = await sixteenAtOnce(() => open(replica(during)));
    expect(succeeded).toHaveLength(16);
    expect(await live()).toEqual(new Map([[during.presentKey, 1]]));
  });

  it('opens when that cannot be noted', async () => {
    const unitOfWork = { run: () => Promise.reject(new Error('database gone')) };
    await expect(open(replica(during, { unitOfWork }))).resolves.toBeDefined();
    expect(await live()).toEqual(new Map([['', 1]]));
  });

  it('opens everywhere while replicas are started one after the other: only those with the present key bring it there', async () => {
    const replicas = [
      replica(issuerOf(OLD, undefined, YOUNG)),
      replica(during),
      replica(issuerOf(OLD, undefined, YOUNG)),
    ];
    for (let round = 0; round < 3; round += 1) {
      for (const each of replicas) await expect(open(each)).resolves.toBeDefined();
      expect(await live()).toEqual(new Map([[during.presentKey, 1]]));
      test.clock.advance(2);
    }
  });

  it('is brought to and fro at most once an hour by replicas that disagree on which is the previous one', async () => {
    let writes = 0;
    const { unitOfWork } = test.ports;
    const counting: Ports['unitOfWork'] = {
      run: (work) => {
        writes += 1;
        return unitOfWork.run(work);
      },
    };
    const [one, other] = [issuerOf(OLD, YOUNG), during].map((issuer) => replica(issuer, { unitOfWork: counting }));
    for (let round = 0; round < 50; round += 1) {
      for (const each of [one, other]) await expect(open(each ?? expect.fail())).resolves.toBeDefined();
      test.clock.advance(2);
    }
    expect(writes).toBeLessThanOrEqual(2);
    test.clock.advance(3600);
    await open(other ?? expect.fail());
    expect(await live()).toEqual(new Map([[during.presentKey, 1]]));
  });

  it('that is made meanwhile is under the present one, and opens everywhere', async () => {
    const shown = await create(replica(during));
    await expect(open(replica(issuerOf(OLD)), shown)).rejects.toMatchObject({ code: 'invalid-api-key' });
    for (const issuer of [young, during, issuerOf(OLD, undefined, YOUNG)]) {
      await expect(open(replica(issuer), shown)).resolves.toBeDefined();
    }
  });

  it('stays where it is while there is one master key only', async () => {
    await open(replica(issuerOf(OLD)));
    expect(await live()).toEqual(new Map([['', 1]]));
    await open(replica(during));
    await open(replica(young));
    expect(await live()).toEqual(new Map([[young.presentKey, 1]]));
  });
});
