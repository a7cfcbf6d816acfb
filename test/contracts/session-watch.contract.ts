import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { UserId } from '../../src/domain/user/user.ts';
import type { SessionWatch } from '../../src/ports/session-watch.ts';
import { anId } from '../support/builders.ts';
import type { MakeSubject } from './subject.ts';

export interface SessionWatchSubject {
  readonly sessionWatch: SessionWatch;
  dispose(): Promise<void>;
}

/** Whoever remembers how a session stood is told to look again. */
export function describeSessionWatchContract(name: string, makeSubject: MakeSubject<SessionWatchSubject>): void {
  describe(`session watch: ${name}`, () => {
    let subject: SessionWatchSubject;

    beforeEach(async () => {
      subject = await makeSubject();
    });
    afterEach(async () => {
      await subject.dispose();
    });

    it('has told every listener of this process before the announcement resolves', async () => {
      const heard: (readonly [string, UserId])[] = [];
      subject.sessionWatch.subscribe((userId) => heard.push(['first', userId]));
      subject.sessionWatch.subscribe((userId) => heard.push(['second', userId]));
      const userId = anId<UserId>();

      await subject.sessionWatch.announce(userId);

      expect(heard).toContainEqual(['first', userId]);
      expect(heard).toContainEqual(['second', userId]);
    });

    it('takes an announcement that nobody listens to', async () => {
      await expect(subject.sessionWatch.announce(anId())).resolves.toBeUndefined();
    });
  });
}
