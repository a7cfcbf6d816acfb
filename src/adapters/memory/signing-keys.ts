import type { ProjectId } from '../../domain/project/project.ts';
import type { SigningKeyState } from '../../domain/project/signing-key.ts';
import type { MemoryStore } from './store.ts';

/** Every key that is not retired, oldest first. */
export function liveSigningKeys(store: MemoryStore, projectId: ProjectId): readonly SigningKeyState[] {
  return store.signingKeys
    .ofGroup('project', projectId)
    .filter((key) => key.stage !== 'retired')
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.kid < b.kid ? -1 : 1));
}

/** Projects whose current key has signed since then, the longest first. */
export function dueSigningKeys(store: MemoryStore, since: Date): readonly ProjectId[] {
  return [...store.signingKeys.entries()]
    .flatMap(([, { stage, activatedAt, projectId }]) =>
      stage === 'current' && activatedAt !== null && activatedAt <= since ? [{ activatedAt, projectId }] : [],
    )
    .sort((a, b) => a.activatedAt.getTime() - b.activatedAt.getTime())
    .map(({ projectId }) => projectId);
}
