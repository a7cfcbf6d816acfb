import { generate } from 'otplib';

const STEP_SECONDS = 30;

/** What an authenticator app that was given `secret` shows at `now`. */
export function codeAt(secret: string, now: Date): Promise<string> {
  return generate({ secret, epoch: Math.floor(now.getTime() / 1000) });
}

/** Different codes of the right form that no app with `secret` shows at `now`, or within two steps of it. */
export async function wrongCodesAt(secret: string, now: Date, count: number): Promise<readonly string[]> {
  const near = [-2, -1, 0, 1, 2].map((steps) => new Date(now.getTime() + steps * STEP_SECONDS * 1000));
  const right = await Promise.all(near.map((moment) => codeAt(secret, moment)));
  return Array.from({ length: count + right.length }, (_, digits) => String(digits).padStart(6, '0'))
    .filter((code) => !right.includes(code))
    .slice(0, count);
}
