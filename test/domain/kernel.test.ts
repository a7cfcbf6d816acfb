import { describe, expect, it } from 'vitest';
import { IamError } from '../../src/domain/errors.ts';
import { UserId } from '../../src/domain/user/user.ts';
import { anId } from '../support/builders.ts';

describe('identifier', () => {
  it('is a UUID in lower case', () => {
    const id = anId<UserId>();

    expect(UserId.parse(id)).toBe(id);
    expect(UserId.parse(id.toUpperCase())).toBe(id);
  });

  it.each([undefined, null, 7, {}, [anId()], '', 'x', `${anId()} `, `${anId()}\n`, anId().replaceAll('-', '')])(
    'is not %j',
    (raw) => {
      expect(UserId.parse(raw)).toBeUndefined();
    },
  );
});

describe('IamError', () => {
  it('narrows to its code, so that the details are typed', () => {
    const error: IamError = new IamError('rate-limited', { retryAfterSeconds: 7 });

    expect(error.is('conflict')).toBe(false);
    expect(error.is('rate-limited') && error.details.retryAfterSeconds).toBe(7);
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toBe('rate-limited');
  });
});
