import { cryptoPorts } from '../../src/adapters/container/crypto-ports.ts';
import { OWASP_ARGON2_PARAMETERS } from '../../src/adapters/crypto/argon2-password-hasher.ts';
import { type Database, persistencePorts } from '../../src/adapters/persistence/index.ts';
import { quickKeys } from '../http/gate-world.ts';
import { aV1World, type Given, PUBLIC_URL, type V1World } from '../http/v1-world.ts';
import { attested, keyRing } from '../support/attested.ts';
import { aQuickHasher } from '../support/quick-hasher.ts';

/** An installation whose hashes and keys are made in no time: how slow they should be is nobody's question here. */
export function aQuickWorld(given: Given = {}): Promise<V1World> {
  return aV1World({
    ...given,
    ports: (memory) => {
      const ports = { ...memory, ...given.ports?.(memory) };
      return {
        ...ports,
        passwordHasher: aQuickHasher(),
        signingKeyFactory: quickKeys(ports.signingKeyFactory),
      };
    },
  });
}

/** The same on a database. */
export function aQuickWorldOn(database: Database): Promise<V1World> {
  return aQuickWorld({
    ports: ({ idGenerator, clock }) => {
      const stored = persistencePorts(database, { idGenerator, attested });
      const { signingKeyDirectory } = stored;
      const hash = { parameters: OWASP_ARGON2_PARAMETERS, concurrency: 1, queue: 64 };
      return { ...stored, ...cryptoPorts({ keyRing, hash, signingKeyDirectory, publicUrl: PUBLIC_URL, clock }) };
    },
  });
}
