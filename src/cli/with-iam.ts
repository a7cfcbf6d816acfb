import { type Config, readConfig } from '../adapters/config/config.ts';
import type { Iam } from '../application/iam.ts';
import type { Shell } from './shell.ts';

interface Opened {
  readonly iam: Iam;
  readonly config: Config;
  /** How the v1 API shows things. */
  readonly v1: typeof import('../adapters/container/v1-words.ts').v1;
}

/** Opens the configured installation for as long as `work` takes. */
export async function withIam<T>(shell: Shell, work: (opened: Opened) => Promise<T>): Promise<T> {
  const config = readConfig(shell.terminal, shell.environment);
  // Loaded when it is needed: help and usage answer at once.
  const [{ openIam }, { v1 }] = await Promise.all([
    import('../adapters/container/open-iam.ts'),
    import('../adapters/container/v1-words.ts'),
  ]);
  const { iam, close } = await openIam(config, () =>
    shell.error('Redis does not answer: the running service may notice within 30 s instead of 2.\n'),
  );
  try {
    return await work({ iam, config, v1 });
  } finally {
    await close();
  }
}
