import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OPERATOR } from '../../src/application/actor.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import { describeWithPostgres } from '../support/databases.ts';
import { countOf, heldUp, type Replicas, ROUNDS, ROUNDS_TIMEOUT, twoReplicas } from './replicas.ts';

const DAYS = 90 * 24 * 60 * 60;

describeWithPostgres('signing keys on two replicas', () => {
  let replicas: Replicas;
  let projectId: ProjectId;
  beforeAll(async () => {
    replicas = await twoReplicas();
    projectId = replicas.world.platform.id;
  });
  afterAll(() => replicas[Symbol.asyncDispose]());

  const run = (index: number) => replicas.iams[index % 2 === 0 ? 0 : 1].projects.rotateDueSigningKeys.execute(100);
  const runs = (count: number) => Promise.all(Array.from({ length: count }, (_, index) => run(index)));
  const counted = (what: ReturnType<typeof sql>) => countOf(replicas.database, what);
  const at = (stage: string) => counted(sql`from signing_keys where project_id = ${projectId} and stage = ${stage}`);
  const rotations = () => counted(sql`from audit_records where action = 'signing-key.rotated'`);
  const current = async () => {
    const keys = await replicas.ports[0].signingKeyDirectory.ofProject(projectId);
    return keys.find(({ stage }) => stage === 'current')?.kid ?? '';
  };

  it(
    'that both and sixteen runs find due are followed once: one current, one next, one record',
    ROUNDS_TIMEOUT,
    async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const [before, signed] = [await rotations(), await current()];
        replicas.world.clock.advance(DAYS);
        expect((await runs(round % 2 === 0 ? 2 : 16)).flat()).toEqual([]);
        expect(await Promise.all([at('current'), at('next'), rotations()])).toEqual([1, 1, before + 1]);
        expect(await current()).not.toBe(signed);
      }
    },
  );

  it('that are removed while the schedule runs leave one current and one next key', ROUNDS_TIMEOUT, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      replicas.world.clock.advance(DAYS);
      const kid = await current();
      const removing = heldUp(replicas, 1, round % 4).projects.removeSigningKey.execute(OPERATOR, { projectId, kid });
      const [ran] = await Promise.all([runs(4), removing]);
      expect(ran.flat()).toEqual([]);
      expect(await Promise.all([at('current'), at('next')])).toEqual([1, 1]);
      expect(await current()).not.toBe(kid);
    }
  });

  it('that lack the next one get one, of sixteen runs at once', async () => {
    await replicas.database.execute(sql`delete from signing_keys where project_id = ${projectId} and stage = 'next'`);
    replicas.world.clock.advance(DAYS);
    expect((await runs(16)).flat()).toEqual([]);
    expect(await Promise.all([at('current'), at('next')])).toEqual([1, 1]);
    expect(await counted(sql`from audit_records where action = 'signing-key.prepared'`)).toBe(1);
  });
});
