import { quickKeys } from '../http/gate-world.ts';
import { aV1World, type Given, type V1World } from '../http/v1-world.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';

/** An installation whose hashes and keys are made in no time: how slow they should be is nobody's question here. */
export function aQuickWorld(given: Given = {}): Promise<V1World> {
  return aV1World({
    ...given,
    ports: (memory) => ({
      passwordHasher: aQuickHasher(),
      signingKeyFactory: quickKeys(memory.signingKeyFactory),
      ...given.ports?.(memory),
    }),
  });
}
