import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Attester } from '../../ports/attester.ts';
import type { KeyRing } from './key-ring.ts';

export class HmacAttester implements Attester {
  readonly #keyRing: KeyRing;

  constructor(keyRing: KeyRing) {
    this.#keyRing = keyRing;
  }

  attest(text: string): string {
    return mac(this.#keyRing.keys('audit')[0].key, text);
  }

  attests(text: string, attestation: string): boolean {
    const given = Buffer.from(attestation);
    return this.#keyRing.keys('audit').some(({ key }) => {
      const computed = Buffer.from(mac(key, text));
      return computed.length === given.length && timingSafeEqual(computed, given);
    });
  }
}

function mac(key: KeyObject, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}
