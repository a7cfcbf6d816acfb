import type { ProjectId } from './project.ts';
import type { KeyId } from './signing-key.ts';

/** What the private half of a signing key is sealed to: it opens for no other project and no other key. */
export function signingKeyBinding(projectId: ProjectId, kid: KeyId): string {
  return `signing-key:${projectId}:${kid}`;
}
