import { describe, expect, it } from 'vitest';
import { RecoveryCodes } from '../../src/domain/recovery/recovery-codes.ts';
import { aDigest, anId, someRecoveryCodes } from '../support/builders.ts';
import { secondsAfter } from '../support/clock.ts';

const now = new Date();
const later = secondsAfter(now, 60);

const aSet = () => someRecoveryCodes(now, anId(), anId());
const tagsOf = (codes: RecoveryCodes) => codes.toState().codes.map(({ tag }) => tag);

describe('recovery codes', () => {
  it('are ten unspent ones from the moment they were made, and tell nothing', () => {
    const codes = aSet();

    expect(codes.toState()).toMatchObject({ generatedAt: now });
    expect(codes.toState().codes).toHaveLength(10);
    expect(codes.releaseEvents()).toEqual([]);
  });

  it('are spent once each, whatever the order, and the others stay', () => {
    const codes = aSet();
    const tags = tagsOf(codes);
    for (const [index, tag] of tags.toReversed().entries()) {
      expect(codes.spend(tag)).toBe(true);
      expect(codes.spend(tag)).toBe(false);
      expect(tagsOf(codes)).toEqual(tags.slice(0, 9 - index));
    }
    expect(codes.toState()).toMatchObject({ codes: [], generatedAt: now });
  });

  it('are not spent by what is none of them', () => {
    const codes = aSet();
    const before = codes.toState();

    expect(codes.spend(aDigest())).toBe(false);
    expect(codes.toState()).toEqual(before);
  });

  it('are all worthless once they are replaced, which tells nothing', () => {
    const codes = aSet();
    const [old = aDigest()] = tagsOf(codes);
    const fresh = aSet().toState().codes;
    codes.replace(fresh, later);

    expect(codes.toState()).toMatchObject({ codes: fresh, generatedAt: later });
    expect(codes.spend(old)).toBe(false);
    expect(codes.releaseEvents()).toEqual([]);
  });

  it('are all worthless once the person asks for others, which is told without them', () => {
    const codes = aSet();
    const [old = aDigest()] = tagsOf(codes);
    const fresh = aSet().toState().codes;
    codes.regenerate(fresh, later);

    expect(codes.toState()).toMatchObject({ codes: fresh, generatedAt: later });
    expect(codes.spend(old)).toBe(false);
    const { projectId, userId } = codes.toState();
    expect(codes.releaseEvents()).toEqual([
      { type: 'recovery-codes-regenerated', projectId, userId, occurredAt: later.toISOString() },
    ]);
  });

  it('are none once they are void, and it is still known when they were made', () => {
    const codes = aSet();
    const [old = aDigest()] = tagsOf(codes);
    codes.void();

    expect(codes.toState()).toMatchObject({ codes: [], generatedAt: now });
    expect(codes.spend(old)).toBe(false);
  });

  it('come back as they were kept', () => {
    const state = aSet().toState();

    expect(RecoveryCodes.rehydrate(state).toState()).toEqual(state);
  });
});
