import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Clock } from '../../ports/clock.ts';
import { OWASP_ARGON2_PARAMETERS } from '../crypto/argon2-password-hasher.ts';
import { KeyRing, MASTER_KEY_BYTES } from '../crypto/key-ring.ts';
import { memoryAdapters } from '../memory/index.ts';
import { StandardWebhookSender } from '../outbound/standard-webhook-sender.ts';
import { attesting } from './attesting.ts';
import { builtInProviders } from './built-in-providers.ts';
import { cryptoPorts } from './crypto-ports.ts';

export interface MemoryPortsOptions {
  readonly clock?: Clock;
  /** 32 bytes; random unless given. */
  readonly masterKey?: Uint8Array;
  /** What tokens name as their issuer, and where providers send people back to. */
  readonly publicUrl?: string;
}

const HASH_QUEUE = 64;

/** Every port, without a server of any kind: real cryptography over a store that lives as long as the process. */
export function memoryPorts(options: MemoryPortsOptions = {}) {
  const { masterKey = randomBytes(MASTER_KEY_BYTES), publicUrl = 'http://localhost' } = options;
  const keyRing = new KeyRing(masterKey);
  const attested = attesting(keyRing);
  const adapters = memoryAdapters(options.clock === undefined ? { attested } : { clock: options.clock, attested });
  const { signingKeyDirectory, clock } = adapters;
  const hash = { parameters: OWASP_ARGON2_PARAMETERS, concurrency: availableParallelism(), queue: HASH_QUEUE };
  return {
    ...adapters,
    providerAdapters: builtInProviders({ publicUrl, allowPrivate: false }),
    webhookSender: new StandardWebhookSender({ allowPrivate: false, clock }),
    ...cryptoPorts({ keyRing, hash, signingKeyDirectory, publicUrl, clock }),
  };
}
