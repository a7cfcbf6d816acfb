import { hash } from 'node:crypto';

/** What a key that is shown to a project is remembered by: not the key. */
export function nameOfKey(projectId: string, key: string | undefined): string | undefined {
  return key === undefined ? undefined : hash('sha256', `${projectId.toLowerCase()} ${key}`, 'base64url');
}
