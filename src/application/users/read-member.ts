import { IamError } from '../../domain/errors.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { Administrator } from '../actor.ts';
import type { Authority } from '../roles/authority.ts';
import type { MemberReader, MemberWithSummary } from './member-reader.ts';

interface ReadMemberDeps {
  readonly authority: Authority;
  readonly memberReader: MemberReader;
}

/** One person of the actor's tenant, also one who was removed. */
export class ReadMember {
  readonly #deps: ReadMemberDeps;
  constructor(deps: ReadMemberDeps) {
    this.#deps = deps;
  }

  /** @throws IamError `forbidden`, `not-found` */
  async execute(actor: Administrator, userId: UserId): Promise<MemberWithSummary> {
    await this.#deps.authority.assert(actor, 'users.list');
    const member = await this.#deps.memberReader.find(actor.projectId, actor.tenantId, userId);
    if (member === undefined) throw new IamError('not-found');
    return member;
  }
}
