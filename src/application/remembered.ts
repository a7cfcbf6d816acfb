import type { Clock } from '../ports/clock.ts';

/**
 * Answers that may be a little old. Bounded in age and number; callers who ask at once share one look-up; what is
 * not there is not remembered.
 */
export class Remembered<Key, Value> {
  readonly #maxAgeMs: number;
  readonly #maxEntries: number;
  readonly #clock: Clock;
  readonly #values = new Map<Key, { readonly value: Value; readonly asOf: number }>();
  readonly #underWay = new Map<Key, Promise<Value | undefined>>();

  constructor(options: { readonly maxAgeSeconds: number; readonly maxEntries: number; readonly clock: Clock }) {
    this.#maxAgeMs = options.maxAgeSeconds * 1000;
    this.#maxEntries = options.maxEntries;
    this.#clock = options.clock;
  }

  async get(key: Key, look: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const now = this.#clock.now().getTime();
    const known = this.#values.get(key);
    if (known !== undefined && now - known.asOf < this.#maxAgeMs) return known.value;
    return this.#underWay.get(key) ?? this.#look(key, look, now);
  }

  forget(key: Key): void {
    this.#values.delete(key);
    // Whoever is still looking may have looked too early: their answer is theirs alone.
    this.#underWay.delete(key);
  }

  forgetIf(condition: (value: Value) => boolean): void {
    for (const [key, { value }] of this.#values) if (condition(value)) this.#values.delete(key);
    this.#underWay.clear();
  }

  clear(): void {
    this.#values.clear();
    this.#underWay.clear();
  }

  #look(key: Key, look: () => Promise<Value | undefined>, asOf: number): Promise<Value | undefined> {
    const looking = look().then(
      (value) => {
        if (this.#underWay.get(key) === looking) {
          this.#underWay.delete(key);
          if (value !== undefined) this.#remember(key, value, asOf);
        }
        return value;
      },
      (error: unknown) => {
        if (this.#underWay.get(key) === looking) this.#underWay.delete(key);
        throw error;
      },
    );
    this.#underWay.set(key, looking);
    return looking;
  }

  #remember(key: Key, value: Value, asOf: number): void {
    this.#values.delete(key);
    this.#values.set(key, { value, asOf });
    if (this.#values.size > this.#maxEntries) {
      const oldest = this.#values.keys().next();
      if (!oldest.done) this.#values.delete(oldest.value);
    }
  }
}
