import { randomBytes } from 'node:crypto';

/** What a secret goes by, wherever it is sent, answered or mailed. */
const OF_SECRETS =
  /^(?:.*_?token|.*password|.*secret|.*ticket|(?:totp_|mfa)?code|otp|recovery_?codes?|key|state|verifier|signature|.*uri|redirect_?url|authorization|cookie|x-api-key|x-verifier)$/i;
const KEY = /^ck_/;
/** What is wrong with a field, in problems. */
const WORD = /^[A-Z_]+$/;
const DIGITS = /^(?!(\d)\1*$)\d{6}$/;
const LEAST = 8;
const LONG = 40;

/** Everything that only one person, or the service, may know; and whether a text tells it. */
export class Canaries {
  readonly #known = new Map<string, string>();

  get size(): number {
    return this.#known.size;
  }

  /** A new one. `kind` says what it stands for when it is found somewhere. */
  made(kind: string): string {
    return this.is(kind, `canary-${kind}-${randomBytes(9).toString('hex')}`);
  }

  /** Remembers one, and gives it back. */
  is(kind: string, secret: string): string {
    this.#known.set(secret, kind);
    return secret;
  }

  /** Remembers what goes by the name of a secret, however deep in what was sent or came back. */
  in(value: unknown, name = ''): void {
    if (Array.isArray(value)) for (const item of value) this.in(item, name);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) this.in(inner, key);
    } else if (typeof value === 'string' && OF_SECRETS.test(name)) this.#caught(name, value);
  }

  #caught(name: string, value: string): void {
    if (name === 'key' && !KEY.test(value)) return;
    if (/url$|uri$/i.test(name)) {
      if (URL.canParse(value)) this.in(Object.fromEntries(new URL(value).searchParams));
    } else if (DIGITS.test(value) || (value.length >= LEAST && !WORD.test(value))) {
      this.is(name, value.replace(/^Bearer /, ''));
    }
  }

  /** Those that a text tells, with what they are. */
  toldBy(text: string): readonly string[] {
    const told = new Set([...textsIn(text, this.#forms()), ...codesIn(text).filter((code) => this.#known.has(code))]);
    return [...told].map((secret) => `${this.#known.get(secret)}: ${secret}`);
  }

  /** Every form of each by how it begins, so that a text is gone through once, however many they are. */
  #forms(): ReadonlyMap<string, readonly Form[]> {
    const byBeginning = new Map<string, Form[]>();
    for (const secret of [...this.#known.keys()].filter(({ length }) => length >= LEAST)) {
      for (const form of formsOf(secret)) {
        const beginning = form.slice(0, LEAST);
        const same = byBeginning.get(beginning) ?? [];
        same.push({ secret, form });
        byBeginning.set(beginning, same);
      }
    }
    return byBeginning;
  }
}

interface Form {
  readonly secret: string;
  readonly form: string;
}

/** As it is, in an address, and in base64; of what is long a part is enough. */
function formsOf(secret: string): readonly string[] {
  const part = secret.length > LONG ? secret.slice(-LONG / 2) : secret;
  return [...new Set([part, encodeURIComponent(part), Buffer.from(part).toString('base64url')])];
}

function textsIn(text: string, forms: ReadonlyMap<string, readonly Form[]>): readonly string[] {
  const found = new Set<string>();
  for (let at = 0; at <= text.length - LEAST; at += 1) {
    for (const { secret, form } of forms.get(text.slice(at, at + LEAST)) ?? []) {
      if (text.startsWith(form, at)) found.add(secret);
    }
  }
  return [...found];
}

/** Six digits by themselves. */
function codesIn(text: string): readonly string[] {
  return text.match(/(?<![\w.-])\d{6}(?![\w.-])/g) ?? [];
}
