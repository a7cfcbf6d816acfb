import { describe, expect, it } from 'vitest';
import { defaultProjectSettings } from '../../src/domain/project/project-settings.ts';
import { assertPasswordLength, assertPasswordStrength } from '../../src/domain/user/password-policy.ts';
import { refusalOf } from '../support/refusal.ts';

const policy = defaultProjectSettings.passwordPolicy;
const length = (password: string) => assertPasswordLength(password, policy, 'newPassword');
const unlisted = { common: false, breached: false };
const nobody = { email: null, names: [] };

describe('password length', () => {
  it.each([
    ['a', 8, 128],
    ['é', 8, 128],
    ['🔑', 8, 128],
  ])('counts %s as one character', (character, min, max) => {
    expect(() => length(character.repeat(min))).not.toThrow();
    expect(() => length(character.repeat(max))).not.toThrow();
    expect(refusalOf(() => length(character.repeat(min - 1)))).toMatchObject({
      code: 'validation-error',
      details: { violations: [{ field: 'newPassword', code: 'TOO_SHORT' }] },
    });
    expect(refusalOf(() => length(character.repeat(max + 1)))).toMatchObject({
      details: { violations: [{ field: 'newPassword', code: 'TOO_LONG' }] },
    });
  });

  it('follows the project', () => {
    const stricter = { ...policy, minLength: 15 };

    expect(() => assertPasswordLength('a'.repeat(14), stricter, 'password')).toThrowError('validation-error');
    expect(() => assertPasswordLength('a'.repeat(15), stricter, 'password')).not.toThrow();
  });

  it('asks for no kind of character', () => {
    expect(() => length(' '.repeat(8))).not.toThrow();
    expect(() => assertPasswordStrength('aaaaaaaa', nobody, unlisted)).not.toThrow();
  });
});

describe('password strength', () => {
  const context = {
    email: 'adalovelace@example.test',
    names: ['Ada', 'Lovelace', null, undefined, 'Analytical Engines'],
  };

  it('names every reason at once', () => {
    const refused = refusalOf(() => assertPasswordStrength('adalovelace', context, { common: true, breached: true }));

    expect(refused).toMatchObject({
      code: 'weak-password',
      details: { reasons: ['common', 'breached', 'contains-own-name-or-address'] },
    });
  });

  it.each([
    'adalovelace',
    'AdaLovelace1',
    'lovelace2030',
    'adalovelace@example.test',
    '12lovelace34',
    'analytical engines!',
  ])('refuses %s: a name or address makes up most of it', (password) => {
    expect(refusalOf(() => assertPasswordStrength(password, context, unlisted))).toMatchObject({
      details: { reasons: ['contains-own-name-or-address'] },
    });
  });

  it.each(['lovelace-and-babbage', 'ada12345', 'correct horse battery'])('takes %s', (password) => {
    expect(() => assertPasswordStrength(password, context, unlisted)).not.toThrow();
  });
});
