import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EmailAddress } from '../../src/domain/user/email-address.ts';
import { refusalOf } from '../support/refusal.ts';

const asIs = (domain: string) => domain;
const parse = (raw: string) => EmailAddress.parse(raw, asIs);
const invalid = { code: 'validation-error', details: { violations: [{ field: 'email', code: 'INVALID_FORMAT' }] } };

const atom = fc.stringMatching(/^[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,20}$/);
const localPart = fc.array(atom, { minLength: 1, maxLength: 3 }).map((atoms) => atoms.join('.'));
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const domain = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.'));

describe('email address', () => {
  it('is canonical: case and surrounding space make no difference', () => {
    fc.assert(
      fc.property(localPart, domain, fc.boolean(), (local, host, upper) => {
        const written = `${local}@${host}`;
        expect(parse(` ${upper ? written.toUpperCase() : written}\n`)).toBe(written);
      }),
    );
  });

  it('parses its own canonical form to itself', () => {
    fc.assert(
      fc.property(localPart, domain, (local, host) => {
        const address = parse(`${local}@${host}`);
        expect(parse(address)).toBe(address);
      }),
    );
  });

  it('takes anything apart or refuses it, and what it takes is plain ASCII with one domain', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (raw) => {
        let address: string;
        try {
          address = parse(raw);
        } catch (error) {
          expect(error).toMatchObject(invalid);
          return;
        }
        expect(address).toMatch(/^[!-~]+@[a-z0-9.-]+$/);
      }),
    );
  });

  it('keeps the domain in the form that it is given', () => {
    const toAscii = (given: string) => (given === 'bücher.example' ? 'xn--bcher-kva.example' : undefined);

    expect(EmailAddress.parse('Ada@Bücher.example', toAscii)).toBe('ada@xn--bcher-kva.example');
    expect(() => EmailAddress.parse('ada@elsewhere.example', toAscii)).toThrowError('validation-error');
  });

  it('takes a domain of one label, and quoted-looking atoms', () => {
    expect(parse('owner@localhost')).toBe('owner@localhost');
    expect(parse("o'brien+tag@example.test")).toBe("o'brien+tag@example.test");
  });

  it('is at most 254 characters long, 64 before the @', () => {
    const host = (length: number) => [...`${'a'.repeat(60)}.`.repeat(5).slice(0, length - 4), '.com'].join('');
    expect(parse(`${'a'.repeat(64)}@${host(189)}`)).toHaveLength(254);
    expect(() => parse(`${'a'.repeat(64)}@${host(190)}`)).toThrowError('validation-error');
    expect(() => parse(`${'a'.repeat(65)}@example.test`)).toThrowError('validation-error');
  });

  it.each([
    '',
    '@',
    'ada',
    'ada@',
    '@example.test',
    'ada@@example.test',
    'ada@-example.test',
    'ada@example-.test',
    'ada@example..test',
    'ada@.test',
    'ada@example.test.',
    '.ada@example.test',
    'ada.@example.test',
    'a..da@example.test',
    'ada lovelace@example.test',
    '"ada"@example.test',
    'ada\u0000@example.test',
    'ada\r\nBcc: eve@example.test',
    'adà@example.test',
    'ada@exa_mple.test',
    `ada@${'a'.repeat(64)}.test`,
    '\u212Aim@example.com',
  ])('refuses %j', (raw) => {
    expect(refusalOf(() => parse(raw))).toMatchObject(invalid);
  });
});
