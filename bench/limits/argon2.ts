import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';

/** OWASP's, and the service's own. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const PASSWORD = 'a password';

export interface Argon2Limit {
  readonly perSecond: number;
  readonly cpuMicros: number;
}

/** What the machine can verify, with a hash under way for every core. */
export async function argon2Verifies(seconds: number): Promise<Argon2Limit> {
  const stored = await hash(PASSWORD, PARAMETERS);
  return limit(seconds, () => verify(stored, PASSWORD));
}

/** What it can make, likewise. */
export function argon2Hashes(seconds: number): Promise<Argon2Limit> {
  return limit(seconds, () => hash(PASSWORD, PARAMETERS));
}

async function limit(seconds: number, work: () => Promise<unknown>): Promise<Argon2Limit> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  let done = 0;
  const lane = async () => {
    while (performance.now() < startedAt + seconds * 1000) {
      await work();
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (done * 1000) / (performance.now() - startedAt), cpuMicros: (user + system) / done };
}
