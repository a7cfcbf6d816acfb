import { describe, expect, it } from 'vitest';
import { memoryPorts } from '../../src/adapters/container/memory-ports.ts';
import { HERE, OPERATOR } from '../../src/application/actor.ts';
import { createIam, type Iam } from '../../src/application/iam.ts';
import type { Observer } from '../../src/ports/observer.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';

const OWNER = { email: 'owner@example.test', password: 'the owner of this very platform' };

/** Somebody who looks on, and what they saw: names, and how each ended. */
function anObserver(): { readonly observer: Observer; readonly seen: readonly (readonly [string, string])[] } {
  const seen: (readonly [string, string])[] = [];
  const observer: Observer = {
    async during(useCase, work) {
      try {
        const answer = await work();
        seen.push([useCase, 'answered']);
        return answer;
      } catch (error) {
        seen.push([useCase, 'refused']);
        throw error;
      }
    },
  };
  return { observer, seen };
}

function iamWith(observer?: Observer): Iam {
  const ports = { ...memoryPorts(), passwordHasher: aQuickHasher() };
  return createIam(observer === undefined ? ports : { ...ports, observer });
}

describe('whoever looks on', () => {
  it('is told of every use case by its group and name, once, and of how it ended', async () => {
    const { observer, seen } = anObserver();
    const iam = iamWith(observer);
    const { project } = await iam.projects.installPlatform.execute(OPERATOR, OWNER);
    const visitor = { projectId: project.id, dialect: 'v1', origin: HERE } as const;
    const signIn = await iam.authentication.login.execute(visitor, OWNER);
    expect(signIn).toMatchObject({ kind: 'signed-in' });
    await expect(
      iam.authentication.login.execute(visitor, { ...OWNER, password: 'a guess that was never right' }),
    ).rejects.toMatchObject({ code: 'invalid-credentials' });
    expect(seen).toEqual([
      ['projects.installPlatform', 'answered'],
      ['authentication.login', 'answered'],
      ['authentication.login', 'refused'],
    ]);
  });

  it('leaves everything else that a use case has as it was', async () => {
    const { observer, seen } = anObserver();
    const iam = iamWith(observer);
    expect(await iam.projects.installPlatform.isDone()).toBe(false);
    expect(seen).toEqual([]);
  });

  it('is nobody unless given: use cases are then what they were', () => {
    expect(Object.hasOwn(iamWith(anObserver().observer).authentication.authenticate, 'execute')).toBe(true);
    expect(Object.hasOwn(iamWith().authentication.authenticate, 'execute')).toBe(false);
  });

  it('sees all of them', async () => {
    const { observer, seen } = anObserver();
    const iam = iamWith(observer);
    const names: string[] = [];
    for (const [group, useCases] of Object.entries(iam)) {
      for (const [name, useCase] of Object.entries<{ execute(...input: unknown[]): Promise<unknown> }>(useCases)) {
        names.push(`${group}.${name}`);
        await useCase.execute(undefined, undefined).catch(() => undefined);
      }
    }
    expect(names.length).toBeGreaterThan(90);
    expect(seen.map(([name]) => name)).toEqual(names);
  });
});
