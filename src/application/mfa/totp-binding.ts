import type { ProjectId } from '../../domain/project/project.ts';
import type { UserId } from '../../domain/user/user.ts';

/** What a sealed TOTP secret is bound to: one person's opens for nobody else. */
export function totpBinding(projectId: ProjectId, userId: UserId): string {
  return `totp:${projectId}:${userId}`;
}
