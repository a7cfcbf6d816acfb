import type { Config } from '../config/config.ts';
import { KeyRing } from '../crypto/key-ring.ts';

type OtherMasterKeys = Pick<Config, 'previousMasterKey' | 'nextMasterKey'>;

/** The present master key with those that are known besides. */
export function keyRingOf({ previousMasterKey, nextMasterKey }: OtherMasterKeys, masterKey: Uint8Array): KeyRing {
  return new KeyRing(masterKey, previousMasterKey, nextMasterKey);
}
