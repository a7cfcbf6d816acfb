import { digestBits } from '../../domain/kernel/digest-bits.ts';
import type { ContentDigest } from '../../ports/content-digest.ts';

const FIRST_SLOTS = 2 ** 12;
const HALF_BITS = 30;

/**
 * Which line of a file had a name first. Names are kept as 60 bits of their digest, in a table at most half full: 24 to
 * 48 bytes a name, whatever its length, and of a million names no two alike but once in a million files.
 */
export class SeenNames {
  readonly #contentDigest: ContentDigest;
  /** Three numbers a slot: both halves of the digest, and the line; 0 where it is empty. */
  #slots = new Uint32Array(FIRST_SLOTS * 3);
  #used = 0;

  constructor(contentDigest: ContentDigest) {
    this.#contentDigest = contentDigest;
  }

  /** The line that had one of them. */
  lineOf(names: readonly string[]): number | undefined {
    for (const name of names) {
      const line = this.#slots[this.#slotOf(...this.#halves(name)) + 2];
      if (line !== undefined && line > 0) return line;
    }
    return undefined;
  }

  remember(names: readonly string[], line: number): void {
    for (const name of names) {
      if (this.#used * 6 >= this.#slots.length) this.#grow();
      const [high, low] = this.#halves(name);
      this.#slots.set([high, low, line], this.#slotOf(high, low));
      this.#used += 1;
    }
  }

  #halves(name: string): [high: number, low: number] {
    const bits = digestBits(this.#contentDigest.of(name), 2 * HALF_BITS);
    return [Number.parseInt(bits.slice(0, HALF_BITS), 2), Number.parseInt(bits.slice(HALF_BITS), 2)];
  }

  /** Its own, or the empty one that would be. */
  #slotOf(high: number, low: number): number {
    const slots = this.#slots;
    let slot = (low % (slots.length / 3)) * 3;
    while (slots[slot + 2] !== 0 && (slots[slot] !== high || slots[slot + 1] !== low)) slot = (slot + 3) % slots.length;
    return slot;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(before.length * 2);
    for (let slot = 0; slot < before.length; slot += 3) {
      const [high = 0, low = 0, line = 0] = before.subarray(slot, slot + 3);
      if (line > 0) this.#slots.set([high, low, line], this.#slotOf(high, low));
    }
  }
}
