import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';

/** OWASP's, and the service's own. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** What the machine can verify, with a hash under way for every core. */
export async function argon2Limit(
  seconds: number,
): Promise<{ readonly perSecond: number; readonly cpuMicros: number }> {
  const stored = await hash('a password', PARAMETERS);
  const before = process.cpuUsage();
  const startedAt = performance.now();
  let verified = 0;
  const lane = async () => {
    while (performance.now() < startedAt + seconds * 1000) {
      await verify(stored, 'a password');
      verified += 1;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  const { user, system } = process.cpuUsage(before);
  return { perSecond: (verified * 1000) / (performance.now() - startedAt), cpuMicros: (user + system) / verified };
}
