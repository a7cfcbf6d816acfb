import { Argon2PasswordHasher } from '../../src/adapters/crypto/argon2-password-hasher.ts';
import { HashGate } from '../../src/adapters/crypto/hash-gate.ts';

/** Real argon2id with next to no memory, for tests that guess by the hundred. */
export function aQuickHasher(
  gate: HashGate = new HashGate({ concurrency: 2, memoryKib: 1024 * 1024, queue: 1_000, deadlineMs: 5_000 }),
): Argon2PasswordHasher {
  return new Argon2PasswordHasher(gate, { memoryCost: 32, timeCost: 1, parallelism: 1 });
}
