import { setTimeout as pause } from 'node:timers/promises';
import type { Iam } from '../../application/iam.ts';
import type { SessionWatch } from '../../ports/session-watch.ts';
import type { Config } from '../config/config.ts';
import { openMigrated } from './database.ts';
import { layFoundation } from './foundation.ts';
import { TOKENS } from './tokens.ts';

export interface OpenIam {
  readonly iam: Iam;
  close(): Promise<void>;
}

/** How long a command waits for the way to the others to open. */
const OPENING_MS = 1000;

/**
 * The use cases for one command: nothing listens, and nothing runs in the background.
 * @throws NotReady, FolderInUse
 */
export async function openIam(config: Config, onCacheTrouble: (error: unknown) => void): Promise<OpenIam> {
  const { container, close } = await layFoundation(config, { openDatabase: openMigrated, onCacheTrouble });
  // A command is over before it could say anything again.
  if (config.cache.kind === 'redis') await opening(container.get(TOKENS.cache).sessionWatch);
  return { iam: container.get(TOKENS.iam), close };
}

async function opening(sessionWatch: SessionWatch): Promise<void> {
  const inTime = new AbortController();
  sessionWatch.subscribe(() => inTime.abort());
  await pause(OPENING_MS, undefined, { signal: inTime.signal }).catch(() => {});
}
