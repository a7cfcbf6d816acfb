import fc from 'fast-check';
import { generateSync } from 'otplib';
import { describe, expect, it } from 'vitest';
import { OtplibTotpAuthenticator } from '../../src/adapters/crypto/otplib-totp-authenticator.ts';
import { describeWithOathtool, oathCode } from '../support/oathtool.ts';

const authenticator = new OtplibTotpAuthenticator();
/** "12345678901234567890" of RFC 6238, appendix B. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

const at = (seconds: number) => new Date(seconds * 1000);
const stepAt = (moment: Date) => Math.floor(moment.getTime() / 30_000);
const codeOfStep = (secret: string, step: number) => generateSync({ secret, epoch: step * 30 });
const anyStep = fc.integer({ min: 10, max: 2 ** 31 - 10 });

describe('the secret', () => {
  it('has 160 random bits in Base32, without padding', () => {
    const made = Array.from({ length: 200 }, () => authenticator.newSecret());
    for (const secret of made) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(new Set(made).size).toBe(made.length);
    expect(new Set(made.join('')).size).toBe(32);
  });
});

describe('the URI', () => {
  const uri = (issuer: string, account = 'ada@example.test') =>
    authenticator.uri({ issuer, account, secret: RFC_SECRET });

  it('names issuer and account, the secret and nothing that every app assumes anyway', () => {
    expect(uri('Acme')).toBe(`otpauth://totp/Acme:ada%40example.test?secret=${RFC_SECRET}&issuer=Acme`);
  });

  it('encodes spaces as %20, which every app decodes, and never as a plus', () => {
    expect(uri('Acme & Söhne', 'ada+work@example.test')).toBe(
      `otpauth://totp/Acme%20%26%20S%C3%B6hne:ada%2Bwork%40example.test?secret=${RFC_SECRET}&issuer=Acme%20%26%20S%C3%B6hne`,
    );
  });

  it('takes colons out of the names, since one colon parts them', () => {
    expect(uri('Acme: Billing:')).toBe(
      `otpauth://totp/Acme%20Billing:ada%40example.test?secret=${RFC_SECRET}&issuer=Acme%20Billing`,
    );
  });

  it('reads back as what it was made of', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !/:|^\s|\s$/.test(text));
    fc.assert(
      fc.property(name, name, (issuer, account) => {
        const made = new URL(uri(issuer, account));
        expect(made.protocol + made.host).toBe('otpauth:totp');
        expect(made.pathname.split(':').map(decodeURIComponent)).toEqual([`/${issuer}`, account]);
        expect([...made.searchParams]).toEqual([
          ['secret', RFC_SECRET],
          ['issuer', issuer],
        ]);
      }),
    );
  });
});

describe('a code', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('is right as in RFC 6238, appendix B, %d seconds after the epoch', async (seconds, code) => {
    expect(await authenticator.stepOf(RFC_SECRET, code, at(seconds))).toBe(Math.floor(seconds / 30));
  });

  it('is taken from one step before its own to the end of the one after, and at no other time', async () => {
    await fc.assert(
      fc.asyncProperty(anyStep, async (step) => {
        const code = codeOfStep(RFC_SECRET, step);
        const neighbours = [-3, -2, -1, 1, 2, 3, 4].map((away) => codeOfStep(RFC_SECRET, step + away));
        fc.pre(!neighbours.includes(code));
        const start = step * 30;
        for (const seconds of [start - 30, start, start + 29.999, start + 59.999])
          expect(await authenticator.stepOf(RFC_SECRET, code, at(seconds))).toBe(step);
        for (const seconds of [start - 60, start - 30.001, start + 60, start + 90])
          expect(await authenticator.stepOf(RFC_SECRET, code, at(seconds))).toBeUndefined();
      }),
    );
  });

  it('names the same step however it is spaced', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyStep,
        fc.array(fc.stringMatching(/^[ -]{0,3}$/), { minLength: 7, maxLength: 7 }),
        async (step, gaps) => {
          const code = codeOfStep(RFC_SECRET, step);
          const typed = gaps.map((gap, index) => gap + code.charAt(index)).join('');
          const now = at(step * 30);
          expect(await authenticator.stepOf(RFC_SECRET, typed, now)).toBe(
            await authenticator.stepOf(RFC_SECRET, code, now),
          );
        },
      ),
    );
  });

  it('of another secret is none', async () => {
    const now = new Date();
    const codes = Array.from({ length: 100 }, () => codeOfStep(authenticator.newSecret(), stepAt(now)));
    const steps = await Promise.all(codes.map((code) => authenticator.stepOf(RFC_SECRET, code, now)));
    // Three in a million is the chance of each.
    expect(steps.filter((step) => step !== undefined).length).toBeLessThan(3);
  });

  it.each<[string, (code: string) => string]>([
    ['nothing', () => ''],
    ['only spaces and dashes', () => ' -- - '],
    ['a digit short', (code) => code.slice(1)],
    ['a digit too many', (code) => `0${code}`],
    ['twice', (code) => code + code],
    ['with a line behind it', (code) => `${code}\n`],
    ['after a tab', (code) => `\t${code}`],
    ['with a zero byte', (code) => `${code}\0`],
    ['with a sign', (code) => `+${code}`],
    ['with a fraction', (code) => `${code}.0`],
    ['in digits of another script', (code) => [...code].map((digit) => String.fromCodePoint(0x660 + +digit)).join('')],
    ['in full-width digits', (code) => [...code].map((digit) => String.fromCodePoint(0xff10 + +digit)).join('')],
    ['with a dash that is none of ours', (code) => `${code.slice(0, 3)}\u2013${code.slice(3)}`],
    ['with half a character', (code) => `${code}\ud800`],
    ['ten thousand times', (code) => code.repeat(10_000)],
  ])('is none when it comes %s', async (_how, form) => {
    const now = new Date();
    const code = codeOfStep(RFC_SECRET, stepAt(now));
    expect(await authenticator.stepOf(RFC_SECRET, code, now)).toBe(stepAt(now));
    expect(await authenticator.stepOf(RFC_SECRET, form(code), now)).toBeUndefined();
  });

  it('is never an error, whatever is typed', async () => {
    const now = new Date();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (typed) => {
        fc.pre(!/^[0-9]{6}$/.test(typed.replaceAll(/[ -]/g, '')));
        expect(await authenticator.stepOf(RFC_SECRET, typed, now)).toBeUndefined();
      }),
    );
  });
});

describeWithOathtool('an authenticator app that is not ours', () => {
  it('shows the codes that are taken, for any secret at any time', async () => {
    const anyMoment = fc.integer({ min: 60, max: 2 ** 32 }).map(at);
    await fc.assert(
      fc.asyncProperty(anyMoment, async (moment) => {
        const secret = authenticator.newSecret();
        const steps = [-1, 0, 1].map((away) => stepAt(moment) + away);
        const codes = steps.map((step) => oathCode(secret, at(step * 30)));
        fc.pre(new Set(codes).size === codes.length);
        expect(await Promise.all(codes.map((code) => authenticator.stepOf(secret, code, moment)))).toEqual(steps);
      }),
      { numRuns: 30 },
    );
  });
});
