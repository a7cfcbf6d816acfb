import { beforeAll, describe, expect, it } from 'vitest';
import { memoryPorts } from '../../src/adapters/container/memory-ports.ts';
import { createIam } from '../../src/application/iam.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { isAlive } from '../../src/domain/session/refresh-token.ts';
import type { UserState } from '../../src/domain/user/user.ts';
import { at, type TestIam } from '../support/an-iam.ts';
import { aPerson, type Outcome, type Way } from './mfa-person.ts';
import { WAYS_IN } from './mfa-ways-in.ts';
import { WAYS_BY_PROVIDERS } from './mfa-ways-providers.ts';
import { WAYS_ROUND } from './mfa-ways-round.ts';
import { WAYS_OF_TENANCY } from './mfa-ways-tenancy.ts';
import { WAYS_OF_WEBHOOKS } from './mfa-ways-webhooks.ts';
import { anIamWithProviders, aProjectWithProviders } from './provider-people.ts';

const ways: Readonly<Record<string, readonly Way[]>> = {
  ...WAYS_IN,
  ...WAYS_BY_PROVIDERS,
  ...WAYS_ROUND,
  ...WAYS_OF_TENANCY,
  ...WAYS_OF_WEBHOOKS,
};

/** Every use case that there is, as an embedder finds it. */
const useCases = Object.entries(createIam(memoryPorts())).flatMap(([group, members]) =>
  Object.keys(members).map((name) => `${group}.${name}`),
);

const matrix = useCases.flatMap((useCase) =>
  (ways[useCase] ?? []).flatMap(([how, outcome, act]) =>
    (['gate', 'v1'] as const).flatMap((dialect) => {
      const expected = typeof outcome === 'string' ? outcome : outcome[dialect];
      return expected === undefined ? [] : [[useCase, how, dialect, expected, act] as const];
    }),
  ),
);

let test: TestIam;
let project: ProjectState;
beforeAll(async () => {
  test = await anIamWithProviders();
  project = await aProjectWithProviders(test);
});

/** Who owns it, if they have a factor in force. */
function protectedOwner(of: { readonly projectId: string; readonly userId: string }): UserState | undefined {
  const user = test.store.users.get(`${of.projectId} ${of.userId}`);
  return user?.totpEnabledAt === null ? undefined : user;
}

/** Every live session of anybody with a factor in force. */
function sessions() {
  return [...test.store.sessions.entries()]
    .map(([, session]) => session)
    .filter((session) => {
      const owner = protectedOwner(session);
      return owner !== undefined && isAlive(session, owner.sessionEpoch, test.clock.now());
    });
}

/** Every choice of tenants of such people that would become a session. */
function choices() {
  return [...test.store.challenges.entries()]
    .map(([, challenge]) => challenge)
    .filter(({ kind, expiresAt }) => kind === 'tenant-selection' && expiresAt > test.clock.now())
    .filter((challenge) => protectedOwner(challenge)?.sessionEpoch === challenge.epoch);
}

/** Every access token in an answer, however deep. */
function tokensIn(answer: unknown): readonly string[] {
  if (typeof answer === 'string') return answer.startsWith('eyJ') ? [answer] : [];
  return typeof answer === 'object' && answer !== null ? Object.values(answer).flatMap(tokensIn) : [];
}

/** A code of the app, or a recovery code in its place. */
const showsFactor = (amr: unknown) => Array.isArray(amr) && (amr.includes('otp') || amr.includes('recovery'));

/** What there is that was not there before. */
function openedSince(before: ReadonlySet<string>): Outcome {
  const opened = sessions().find(({ id }) => !before.has(id));
  if (opened === undefined) return 'nothing';
  return opened.amr.includes('recovery') ? 'a recovered session' : 'a session';
}

describe('what a use case gives to somebody with a second factor in force', () => {
  it('is in the table, for every use case', () => {
    expect(useCases).toContain('authentication.login');
    expect(Object.keys(ways).toSorted()).toEqual(useCases.toSorted());
    expect(new Set(matrix.map(([useCase]) => useCase))).toEqual(new Set(useCases));
  });

  it.each(matrix)('%s %s over %s: %s, and never a session without the code', async (_, __, dialect, expected, act) => {
    const person = await aPerson(test, project, at(project, dialect));
    const before = new Set(sessions().map(({ id }) => id));
    const answer = await act(person).then(
      (given: unknown) => ({ given }),
      ({ code }: { readonly code: string }) => ({ refused: code }),
    );
    expect('refused' in answer ? answer.refused : openedSince(before)).toBe(expected);
    for (const { amr } of [...sessions(), ...choices()]) expect(amr).toSatisfy(showsFactor);
    for (const token of tokensIn(answer)) {
      expect((await test.ports.tokenSigner.verify(token)).amr).toSatisfy(showsFactor);
    }
  });

  it.each(['a session', 'a choice of tenants', 'an access token'])('would be seen if it were %s', async (what) => {
    const person = await aPerson(test, project, at(project, 'v1'));
    await person.iam.authentication.login.execute(at(project, 'v1'), {
      ...person,
      mfaCode: await person.phone.nextCode(),
    });
    const refreshed = await person.iam.authentication.refreshSession.execute(person.visitor, person.tokens);
    const seen = {
      'a session': sessions(),
      'a choice of tenants': choices(),
      'an access token': tokensIn({ refreshed }),
    };
    expect(seen[what as keyof typeof seen]).not.toEqual([]);
  });
});
