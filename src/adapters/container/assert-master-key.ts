import { sealedUnder } from '../../domain/session/sealed-secret.ts';
import type { Ports } from '../../ports/ports.ts';
import type { KeyRing } from '../crypto/key-ring.ts';
import { NotReady } from './database.ts';

/**
 * What is stored was sealed under a master key that this process has: with another one it would sign nobody in, and what
 * it recorded would be called foreign for good. Says nothing before there is a platform.
 * @throws NotReady
 */
export async function assertMasterKey(
  { projectDirectory, signingKeyDirectory }: Pick<Ports, 'projectDirectory' | 'signingKeyDirectory'>,
  keyRing: KeyRing,
): Promise<void> {
  const platform = await projectDirectory.platform();
  if (platform === undefined) return;
  const current = (await signingKeyDirectory.ofProject(platform.id)).find(({ stage }) => stage === 'current');
  if (current === undefined) return;
  const held = keyRing.keys('secret-box').map(({ id }) => id);
  if (held.includes(sealedUnder(current.sealedPrivateJwk))) return;
  throw new NotReady(
    'MASTER_KEY is not the one that the database was sealed under. Start with that one, as MASTER_KEY or as MASTER_KEY_PREVIOUS; castellan doctor says more.',
  );
}
