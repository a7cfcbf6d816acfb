import { IamError } from '../../domain/errors.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { MemberDirectory } from '../../ports/directories/member-directory.ts';
import type { Administrator } from '../actor.ts';
import { type MemberView, memberView } from './member-view.ts';

/** A person of the actor's tenant once the change is committed. @throws IamError `not-found` when they are gone by now */
export async function changedMember(
  directory: MemberDirectory,
  { projectId, tenantId }: Administrator,
  userId: UserId,
): Promise<MemberView> {
  const member = await directory.byId(projectId, tenantId, userId);
  if (member === undefined) throw new IamError('not-found');
  return memberView(member);
}
