import { randomBytes, randomInt } from 'node:crypto';
import { codeAt } from '../../support/authenticator-app.ts';
import type { ReceivedMail } from '../../support/smtp.ts';
import { asked } from './asked.ts';
import type { Ask, Balancer } from './balancer.ts';
import type { Estate } from './estate.ts';
import { claimsOf, type World } from './world.ts';

const STEP_MS = 30_000;
const MAILED_WITHIN_MS = 20_000;
const OTP = /\b\d{6}\b/;

export const PASSWORD = 'a word that nobody else has, 1842';

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** An address that nobody else comes from. */
export function anAddress(): string {
  return `10.${100 + randomInt(100)}.${randomInt(250)}.${1 + randomInt(250)}`;
}

/** Somebody of the Gate, at their own address, who does one thing after the other. */
export class GatePerson {
  readonly email: string;
  readonly address: string = anAddress();
  readonly #estate: Pick<Estate, 'balancer' | 'mail'>;
  readonly #world: World;
  readonly #id = randomBytes(6).toString('hex');

  private constructor(estate: Pick<Estate, 'balancer' | 'mail'>, world: World) {
    this.#estate = estate;
    this.#world = world;
    this.email = `person-${this.#id}@example.com`;
  }

  /** With the session that it begins with. */
  static async registered(estate: Pick<Estate, 'balancer' | 'mail'>, world: World) {
    const person = new GatePerson(estate, world);
    const body = await person.#done(person.gate('register', { email: person.email, password: PASSWORD }), 201);
    return { person, tokens: tokensIn(body) };
  }

  /** `address`: where it comes from, if not from theirs. */
  gate(path: string, json: unknown, address = this.address): Ask {
    const { projectId } = this.#world;
    return { method: 'POST', path: `/api/v1/gate/${projectId}/auth/${path}`, headers: this.#headers(address), json };
  }

  pub(path: string, json: unknown, accessToken?: string): Ask {
    const headers = {
      ...this.#headers(this.address),
      ...(accessToken !== undefined && { Authorization: `Bearer ${accessToken}` }),
    };
    return { method: 'POST', path: `/api/v1/pub/${this.#world.projectId}/auth/${path}`, headers, json };
  }

  verification({ accessToken }: Tokens): Ask {
    return this.pub('verify', undefined, accessToken);
  }

  refresh({ refreshToken }: Tokens): Ask {
    return this.pub('refresh', { refresh_token: refreshToken });
  }

  login(password = PASSWORD, address = this.address): Ask {
    return this.gate('login', { email: this.email, password }, address);
  }

  async signIn(): Promise<Tokens> {
    return tokensIn(await this.#done(this.login(), 200));
  }

  async refreshed(tokens: Tokens): Promise<Tokens> {
    return tokensIn(await this.#done(this.refresh(tokens), 200));
  }

  /** `replica`: where they sign out. */
  async signOut({ refreshToken }: Tokens, replica?: number): Promise<void> {
    const ask = this.pub('logout', { refresh_token: refreshToken });
    await this.#done({ ...ask, ...(replica !== undefined && { replica }) }, 204);
  }

  async forgetPassword(): Promise<void> {
    await this.#done(this.gate('forgot-password', { email: this.email }), 204);
  }

  /** The six digits of the mail. */
  async mailedCode(): Promise<string> {
    await this.forgetPassword();
    return otpIn(await this.#estate.mail.waitForMail(this.email, MAILED_WITHIN_MS));
  }

  reset(otp: string): Ask {
    return this.gate('reset-password', { email: this.email, otp, new_password: `${PASSWORD} again` });
  }

  /** The secret of an authenticator app, whose code of this step is spent. */
  async protect({ accessToken }: Tokens): Promise<string> {
    const { secret } = await this.#done(this.pub('totp/setup', {}, accessToken), 200);
    const confirmation = this.pub('totp/verify-setup', { code: await codeAt(secret, new Date()) }, accessToken);
    await this.#done(confirmation, 204);
    return secret;
  }

  /** The first of the two steps. */
  async ticket(password = PASSWORD): Promise<string> {
    return (await this.#done(this.login(password), 200)).login_ticket;
  }

  secondStep(ticket: string, code: string): Ask {
    return this.gate('login/totp', { login_ticket: ticket, totp_code: code });
  }

  /** Ends with the status that it should. */
  async did(ask: Ask, status: number): Promise<void> {
    await this.#done(ask, status);
  }

  #headers(address: string) {
    return { 'X-API-Key': this.#world.apiKey, 'X-Client-Address': address };
  }

  #done(ask: Ask, status: number) {
    return asked(this.#estate.balancer, ask, status);
  }
}

export function otpIn({ text }: Pick<ReceivedMail, 'text'>): string {
  return OTP.exec(text)?.[0] ?? '';
}

/** The code of the next step, which is good already, whatever is spent of this one. */
export function nextCode(secret: string): Promise<string> {
  return codeAt(secret, new Date(Date.now() + STEP_MS));
}

/** Somebody of v1, and ten recovery codes. */
export async function v1Person(balancer: Balancer) {
  const email = `v1-person-${randomBytes(6).toString('hex')}@example.com`;
  const headers = { 'X-Forwarded-For': anAddress() };
  const json = { email, password: PASSWORD };
  const body = await asked(balancer, { method: 'POST', path: '/api/v1/auth/register', headers, json }, 201);
  const recoveryCodes: readonly string[] = body.recoveryCodes;
  const recovery = (recoveryCode: string): Ask => ({
    method: 'POST',
    path: '/api/v1/auth/recovery',
    headers,
    json: { email, recoveryCode },
  });
  return { email, userId: claimsOf(body.accessToken).sub, recoveryCodes, recovery };
}

function tokensIn(body: { readonly access_token: string; readonly refresh_token: string }): Tokens {
  return { accessToken: body.access_token, refreshToken: body.refresh_token };
}
