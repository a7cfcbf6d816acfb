import type { UserId } from '../../domain/user/user.ts';
import type { MemberDirectory, MemberFilter } from '../../ports/directories/member-directory.ts';
import type { Page, PageRequest } from '../../ports/directories/page.ts';
import type { Administrator } from '../actor.ts';
import type { Authority } from '../roles/authority.ts';
import { type MemberView, memberView } from './member-view.ts';

/** The people of the actor's tenant, newest first. */
export class ListMembers {
  readonly #deps: { readonly authority: Authority; readonly memberDirectory: MemberDirectory };
  constructor(deps: { readonly authority: Authority; readonly memberDirectory: MemberDirectory }) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden` */
  async execute(actor: Administrator, filter: MemberFilter, request: PageRequest<UserId>): Promise<Page<MemberView>> {
    await this.#deps.authority.assert(actor, 'users.list');
    const page = await this.#deps.memberDirectory.page(actor.projectId, actor.tenantId, filter, request);
    return { ...page, items: page.items.map(memberView) };
  }
}
