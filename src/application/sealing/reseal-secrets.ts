import type { SealedSecret } from '../../domain/session/sealed-secret.ts';
import type { Ports } from '../../ports/ports.ts';
import { type KeptSecret, SEALED_KINDS, type SealedKind, type SecretPlace } from '../../ports/sealed-secrets.ts';
import { SEALED_BINDINGS } from './sealed-bindings.ts';

/** How far it is, of what there was to do when it began. */
export interface ResealProgress {
  readonly resealed: number;
  readonly of: number;
}

export interface Resealed extends ResealProgress {
  /** What was changed at rest, or lies under a key that nobody knows: it stays as it is. */
  readonly unopened: number;
}

type ResealSecretsDeps = Pick<Ports, 'sealedSecrets' | 'secretBox'>;

/** Opened and sealed without a break: as many as keep nobody waiting. */
const BATCH = 100;

/**
 * Puts what is sealed under another master key under the present one. It can be broken off at any time and begun again,
 * here or in another process, or in many at once: what is done is found to be done.
 */
export class ResealSecrets {
  readonly #deps: ResealSecretsDeps;
  constructor(deps: ResealSecretsDeps) {
    this.#deps = deps;
  }

  /** `goesOn` is asked after every step, and may take its time. */
  async execute(goesOn: (progress: ResealProgress) => Promise<boolean> = async () => true): Promise<Resealed> {
    const waiting = await Promise.all(SEALED_KINDS.map(async (kind) => [kind, await this.#waiting(kind)] as const));
    const of = waiting.reduce((sum, [, count]) => sum + count, 0);
    let [resealed, unopened] = [0, 0];
    for (const [kind, count] of waiting) {
      let after: SecretPlace | undefined;
      for (let left = count > 0; left; left = after !== undefined) {
        const step = await this.#step(kind, after);
        resealed += step.resealed;
        unopened += step.unopened;
        after = step.last;
        if (!(await goesOn({ resealed, of }))) return { resealed, of, unopened };
      }
    }
    return { resealed, of, unopened };
  }

  async #waiting(kind: SealedKind): Promise<number> {
    const { sealedSecrets, secretBox } = this.#deps;
    const counts = await sealedSecrets.count(kind);
    return [...counts].reduce((sum, [key, count]) => (key === secretBox.presentKey ? sum : sum + count), 0);
  }

  async #step(kind: SealedKind, after: SecretPlace | undefined) {
    const { sealedSecrets, secretBox } = this.#deps;
    const { secrets, last } = await sealedSecrets.notUnder(secretBox.presentKey, kind, after, BATCH);
    const boxes = secrets.flatMap((kept) => {
      const by = this.#sealedAnew(kind, kept);
      return by === undefined ? [] : [{ kept, by }];
    });
    const resealed = boxes.length === 0 ? 0 : await sealedSecrets.replace(kind, boxes);
    return { resealed, unopened: secrets.length - boxes.length, last };
  }

  #sealedAnew(kind: SealedKind, kept: KeptSecret): SealedSecret | undefined {
    const { secretBox } = this.#deps;
    const binding = SEALED_BINDINGS[kind](kept);
    try {
      return secretBox.seal(secretBox.open(kept.sealed, binding), binding);
    } catch {
      return undefined;
    }
  }
}
