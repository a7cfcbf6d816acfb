import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredAnswer } from '../../src/ports/idempotency-store.ts';
import { secondsAfter } from '../support/clock.ts';
import { sixteenAtOnce } from '../support/sixteen.ts';
import type { MakeSubject, StoreSubject } from './subject.ts';

const DAY = 24 * 60 * 60;

/** A request that comes again is answered again, not done again. */
export function describeIdempotencyStoreContract(name: string, makeSubject: MakeSubject<StoreSubject>): void {
  describe(`idempotency store: ${name}`, () => {
    const now = new Date();
    const answer: StoredAnswer = { status: 201, headers: { location: '/things/1' }, body: '{"id":"1"}' };
    let subject: StoreSubject;
    let scope: string;

    beforeEach(async () => {
      subject = await makeSubject();
      scope = randomUUID();
    });
    afterEach(async () => {
      await subject.dispose();
    });

    const claim = (seconds = 0, fingerprint = 'f1', key = 'key', of = scope) =>
      subject.idempotencyStore.claim(of, key, fingerprint, secondsAfter(now, seconds));
    const settle = (given: StoredAnswer | undefined, seconds = 0) =>
      subject.idempotencyStore.settle(scope, 'key', given, secondsAfter(now, seconds));

    it('lets one of sixteen go ahead', async () => {
      const { succeeded } = await sixteenAtOnce(() => claim());

      expect(succeeded.filter(({ kind }) => kind === 'new')).toHaveLength(1);
      expect(succeeded.filter(({ kind }) => kind === 'running')).toHaveLength(15);
    });

    it('gives the answer again once it is there', async () => {
      await claim();
      await settle(answer);

      expect(await claim(5)).toEqual({ kind: 'done', answer });
    });

    it('says that it was done where the answer is not to be kept', async () => {
      await claim();
      await settle(undefined);

      expect(await claim(5)).toEqual({ kind: 'done', answer: undefined });
    });

    it('tells a key that comes with another request, running or done', async () => {
      await claim();
      expect(await claim(1, 'f2')).toEqual({ kind: 'reused' });
      await settle(answer);
      expect(await claim(1, 'f2')).toEqual({ kind: 'reused' });
    });

    it('frees a key whose request was refused, for any request', async () => {
      await claim();
      await subject.idempotencyStore.release(scope, 'key');

      expect(await claim(1, 'f2')).toEqual({ kind: 'new' });
    });

    it('frees a claim that was abandoned a minute ago, for one of sixteen', async () => {
      await claim();
      expect(await claim(59)).toEqual({ kind: 'running' });

      const { succeeded } = await sixteenAtOnce(() => claim(60));

      expect(succeeded.filter(({ kind }) => kind === 'new')).toHaveLength(1);
      expect(succeeded.filter(({ kind }) => kind === 'running')).toHaveLength(15);
      expect(await claim(119)).toEqual({ kind: 'running' });
    });

    it('keeps an answer for a day', async () => {
      await claim();
      await settle(answer);

      expect(await claim(DAY - 1)).toEqual({ kind: 'done', answer });
      expect(await claim(DAY, 'f2')).toEqual({ kind: 'new' });
    });

    it('tells scopes and keys apart, wherever one ends and the other begins', async () => {
      expect(await claim(0, 'f1', 'key', scope)).toEqual({ kind: 'new' });
      expect(await claim(0, 'f1', 'key2', scope)).toEqual({ kind: 'new' });
      expect(await claim(0, 'f1', 'b c', `${scope} a`)).toEqual({ kind: 'new' });
      expect(await claim(0, 'f1', 'c', `${scope} a b`)).toEqual({ kind: 'new' });
    });
  });
}
