import type { Visitor } from '../../src/application/actor.ts';
import type { Iam } from '../../src/application/iam.ts';
import type { IamErrorCode } from '../../src/domain/errors.ts';
import type { Dialect } from '../../src/domain/events.ts';
import type { ProjectState } from '../../src/domain/project/project.ts';
import { at, type LoggedInUser, signIn, type TestIam } from '../support/an-iam.ts';
import { Phone, type ProtectedUser, someoneWhoMayEnrol } from '../support/authenticator.ts';
import { aTenantFor } from '../support/second-tenant.ts';
import { put } from './recovery-person.ts';

/** Somebody with a factor in force, two tenants, and what was left over from the time before the factor. */
export interface Person extends ProtectedUser {
  readonly test: TestIam;
  readonly iam: Iam;
  readonly project: ProjectState;
  readonly before: Pick<LoggedInUser, 'actor' | 'tokens'>;
  readonly selectionBefore: string;
}

/** What is there after a use case that was not there before; or why it refused. A recovery code stands for the factor. */
export type Outcome = 'nothing' | 'a session' | 'a recovered session' | IamErrorCode;

/** By dialect, where it differs; a dialect that is left out has no such way. */
export type Way = readonly [
  how: string,
  outcome: Outcome | Partial<Record<Dialect, Outcome>>,
  act: (person: Person) => Promise<unknown>,
];

/** One or more ways for every use case of the groups: one that is missing does not compile. */
export type WaysOf<Groups extends keyof Iam> = {
  readonly [UseCase in { [Group in Groups]: `${Group}.${keyof Iam[Group] & string}` }[Groups]]: readonly [
    Way,
    ...Way[],
  ];
};

export async function aPerson(test: TestIam, project: ProjectState, visitor: Visitor): Promise<Person> {
  const { iam } = test;
  const user = await someoneWhoMayEnrol(test, visitor);
  const before = await signIn(test, visitor, user);
  await aTenantFor(test, project, user.actor.userId);
  const selectionBefore = await aSelection({ ...user, iam, project });
  const { secret, recoveryCodes } = await iam.mfa.setUpTotp.execute(user.actor, {});
  const phone = new Phone(secret, test.clock);
  await iam.mfa.confirmTotp.execute(user.actor, { code: await phone.code() });
  return { ...user, test, iam, project, phone, recoveryCodes, before, selectionBefore };
}

/** The answer of a v1 sign-in to somebody with several tenants. */
export async function aSelection(
  { iam, project, email, password }: LoggedInUser & Pick<Person, 'iam' | 'project'>,
  mfaCode?: string,
): Promise<string> {
  const outcome = await iam.authentication.login.execute(at(project, 'v1'), { email, password, mfaCode });
  if (outcome.kind !== 'tenant-selection') throw new Error('no choice');
  return outcome.sessionToken;
}

/** One of ten new ones: a set-up over the Gate brings none. */
export async function aRecoveryCode({ iam, actor, password, phone }: Person): Promise<string> {
  const mfaCode = await phone.nextCode();
  const { recoveryCodes } = await iam.recovery.regenerateRecoveryCodes.execute(actor, { password, mfaCode });
  const [code] = recoveryCodes;
  if (code === undefined) throw new Error('no code');
  return code;
}

/** As `aSelection`, with a recovery code in place of every factor. */
export async function aRecoveredSelection(person: Person): Promise<string> {
  const { iam, project, email } = person;
  const recoveryCode = await aRecoveryCode(person);
  const outcome = await iam.recovery.recover.execute(at(project, 'v1'), { email, recoveryCode });
  if (outcome.kind !== 'tenant-selection') throw new Error('no choice');
  return outcome.sessionToken;
}

/** From now on a v1 sign-in lands in the root tenant. */
export function prefersRootTenant(person: Person): void {
  put(person.test, person, { lastTenantId: person.project.rootTenantId });
}
