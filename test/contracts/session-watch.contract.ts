import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { TenantId } from '../../src/domain/tenant/tenant.ts';
import type { UserId } from '../../src/domain/user/user.ts';
import type { SessionWatch, Watched } from '../../src/ports/session-watch.ts';
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

    it.each<[string, Watched]>([
      ['of a person', { userId: anId<UserId>() }],
      ['of a tenant', { tenantId: anId<TenantId>() }],
      ['of a project', { projectId: anId<ProjectId>() }],
      ['of everybody', { all: true }],
    ])('has told every listener of this process before the announcement %s resolves', async (_of, watched) => {
      const heard: (readonly [string, Watched])[] = [];
      subject.sessionWatch.subscribe((what) => heard.push(['first', what]));
      subject.sessionWatch.subscribe((what) => heard.push(['second', what]));

      await subject.sessionWatch.announce(watched);

      expect(heard).toContainEqual(['first', watched]);
      expect(heard).toContainEqual(['second', watched]);
    });

    it('takes an announcement that nobody listens to', async () => {
      await expect(subject.sessionWatch.announce({ userId: anId() })).resolves.toBeUndefined();
    });
  });
}
