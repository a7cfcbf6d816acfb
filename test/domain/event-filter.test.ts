import { describe, expect, it } from 'vitest';
import { isOfType, parseEventType, parseEventTypes } from '../../src/domain/webhook/event-filter.ts';

describe('a filter of events', () => {
  it.each([
    ['user.locked', 'user.locked', true],
    ['user.locked', 'user.*', true],
    ['user.mfa.enabled', 'user.*', true],
    ['user.mfa.enabled', 'user.mfa.*', true],
    ['user.locked', 'user.mfa.*', false],
    ['user.locked', 'user', false],
    ['user.locked', 'use.*', false],
    ['user.locked', 'role.*', false],
    ['user.locked', 'user.locked.*', false],
  ])('%s is one of %s: %s', (type, filter, expected) => {
    expect(isOfType(type, filter)).toBe(expected);
  });

  it('is kept sorted, each once', () => {
    expect(parseEventTypes(['user.*', 'role.created', 'user.*'])).toEqual(['role.created', 'user.*']);
    expect(parseEventTypes([])).toEqual([]);
  });

  it.each([
    '',
    '*',
    '.*',
    'user',
    'user.',
    'user*',
    'users.*',
    'USER.*',
    'user.locked ',
    '__proto__',
    'password-reset-requested',
  ])('is refused where no event has the name: %j', (filter) => {
    const violations = [{ field: 'type', message: expect.any(String), code: 'NOT_ALLOWED' }];
    const refusal = expect.objectContaining({ code: 'validation-error', details: { violations } });
    expect(() => parseEventType(filter, 'type')).toThrow(refusal);
  });

  it('is refused with the place of what is wrong, and where there are too many', () => {
    const refusalOf = (field: string, code: string) =>
      expect.objectContaining({ details: { violations: [expect.objectContaining({ field, code })] } });
    expect(() => parseEventTypes(['user.*', 'nothing'])).toThrow(refusalOf('eventTypes.1', 'NOT_ALLOWED'));
    expect(() => parseEventTypes(Array(51).fill('user.*'))).toThrow(refusalOf('eventTypes', 'TOO_LONG'));
  });
});
