import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { ContentAttester } from '../../ports/content-attester.ts';
import { canonicalText } from './canonical-digest.ts';
import type { KeyRing } from './key-ring.ts';

export class HmacContentAttester implements ContentAttester {
  readonly #keyRing: KeyRing;

  constructor(keyRing: KeyRing) {
    this.#keyRing = keyRing;
  }

  attest(value: unknown): string {
    return mac(this.#keyRing.keys('audit')[0].key, canonicalText(value));
  }

  attests(value: unknown, attestation: string): boolean {
    const given = Buffer.from(attestation);
    const text = canonicalText(value);
    return this.#keyRing.keys('audit').some(({ key }) => {
      const computed = Buffer.from(mac(key, text));
      return computed.length === given.length && timingSafeEqual(computed, given);
    });
  }
}

function mac(key: KeyObject, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}
