import { expect } from 'vitest';
import { wrongCodesAt } from '../../support/authenticator-app.ts';
import type { Ask, Balancer } from './balancer.ts';
import type { Estate } from './estate.ts';
import { anAddress, GatePerson, nextCode, v1Person } from './somebody.ts';
import type { World } from './world.ts';

/** Something that was used up, spent or ended, and how whoever tries it is answered. */
export interface Gone {
  readonly what: string;
  readonly ask: Ask;
  /** Several where trying it over and over uses something up, too. */
  readonly answers: readonly number[];
}

const GUESSES = { password: 10, totp: 10, otp: 10, recovery: 5 } as const;
const WRONG_RECOVERY_CODE = 'AAAA-BBBB-CCCC';

/** One of each kind, tried at every replica. */
export async function everythingGone(estate: Estate, world: World): Promise<readonly Gone[]> {
  const made = [
    guessedPassword(estate, world),
    guessedTotp(estate, world),
    guessedOtp(estate, world),
    guessedRecovery(estate),
    spentOtp(estate, world),
    spentTotp(estate, world),
    spentRecovery(estate),
    endedSession(estate, world),
    rotatedToken(estate, world),
  ];
  const gone = (await Promise.all(made)).flat();
  await assertGone(estate, gone);
  return gone;
}

/** Whatever it is, no replica gives it back. */
export async function assertGone({ balancer, replicas }: Estate, gone: readonly Gone[]): Promise<void> {
  const back: string[] = [];
  for (const replica of replicas.keys()) {
    await Promise.all(
      gone.map(async ({ what, ask, answers }) => {
        const { status, body } = await balancer.ask({ ...ask, replica });
        if (!answers.includes(status)) back.push(`${what}, at ${replica}: ${status} ${body}`);
      }),
    );
  }
  expect(back).toEqual([]);
}

/** No guess is left: not even the right one is looked at. */
async function guessedPassword(estate: Estate, world: World): Promise<Gone> {
  const { person } = await GatePerson.registered(estate, world);
  const stranger = anAddress();
  await inTurns(GUESSES.password, () => person.did(person.login('a wrong word, 1842', stranger), 401));
  return { what: 'a used-up budget of passwords', ask: person.login(undefined, stranger), answers: [429] };
}

async function guessedTotp(estate: Estate, world: World): Promise<Gone> {
  const { person, tokens } = await GatePerson.registered(estate, world);
  const secret = await person.protect(tokens);
  const disabling = (code: string) => person.pub('totp/disable', { code }, tokens.accessToken);
  for (const code of await wrongCodesAt(secret, new Date(), GUESSES.totp)) await person.did(disabling(code), 401);
  return { what: 'a used-up budget of TOTP codes', ask: disabling(await nextCode(secret)), answers: [429] };
}

async function guessedOtp(estate: Estate, world: World): Promise<Gone> {
  const { person } = await GatePerson.registered(estate, world);
  const otp = await person.mailedCode();
  const wrong = otp === '000000' ? '000001' : '000000';
  await inTurns(GUESSES.otp, () => person.did(person.reset(wrong), 400));
  return { what: 'a used-up budget of mailed codes', ask: person.reset(otp), answers: [429] };
}

async function guessedRecovery({ balancer }: Estate): Promise<Gone> {
  const { recovery, recoveryCodes } = await v1Person(balancer);
  await inTurns(GUESSES.recovery, () => answered(balancer, recovery(WRONG_RECOVERY_CODE), 401));
  return { what: 'a used-up budget of recovery codes', ask: recovery(recoveryCodes[0] ?? ''), answers: [403] };
}

async function spentOtp(estate: Estate, world: World): Promise<Gone> {
  const { person } = await GatePerson.registered(estate, world);
  const reset = person.reset(await person.mailedCode());
  await person.did(reset, 204);
  return { what: 'a spent mailed code', ask: reset, answers: [400, 429] };
}

async function spentTotp(estate: Estate, world: World): Promise<readonly Gone[]> {
  const { person, tokens } = await GatePerson.registered(estate, world);
  const secret = await person.protect(tokens);
  const [first, second] = [await person.ticket(), await person.ticket()];
  const code = await nextCode(secret);
  await person.did(person.secondStep(first, code), 200);
  return [
    { what: 'a spent TOTP code', ask: person.secondStep(second, code), answers: [401] },
    { what: 'a spent login ticket', ask: person.secondStep(first, code), answers: [401] },
  ];
}

async function spentRecovery({ balancer }: Estate): Promise<Gone> {
  const { recovery, recoveryCodes } = await v1Person(balancer);
  const [code = ''] = recoveryCodes;
  await answered(balancer, recovery(code), 200);
  return { what: 'a spent recovery code', ask: recovery(code), answers: [401, 403] };
}

async function endedSession(estate: Estate, world: World): Promise<readonly Gone[]> {
  const { person, tokens } = await GatePerson.registered(estate, world);
  await person.signOut(tokens);
  return [
    { what: 'the refresh token of an ended session', ask: person.refresh(tokens), answers: [401] },
    { what: 'the access token of an ended session', ask: person.verification(tokens), answers: [401] },
  ];
}

async function rotatedToken(estate: Estate, world: World): Promise<Gone> {
  const { person, tokens } = await GatePerson.registered(estate, world);
  await person.refreshed(tokens);
  return { what: 'a refresh token that was exchanged', ask: person.refresh(tokens), answers: [401] };
}

async function answered(balancer: Balancer, ask: Ask, status: number): Promise<void> {
  expect((await balancer.ask(ask)).status).toBe(status);
}

async function inTurns(times: number, act: () => Promise<void>): Promise<void> {
  for (let time = 0; time < times; time += 1) await act();
}
