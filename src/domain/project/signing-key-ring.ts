import { IamError } from '../errors.ts';
import { LONGEST_ACCESS_TOKEN_SECONDS } from './project-settings.ts';
import type { SigningKey, SigningKeyStage, SigningKeyState } from './signing-key.ts';

/** `mended`: there was no next key, and now there is. */
export interface Succession {
  readonly kind: 'rotated' | 'mended';
  /** The key that the others make way for: the current one from now on, or the next one that was missing. */
  readonly key: SigningKey;
  readonly changed: readonly SigningKey[];
}

/** The keys of one project that are not retired. One signs, one is published to follow it, others verify for a while. */
export class SigningKeyRing {
  readonly #keys: readonly SigningKey[];

  constructor(keys: readonly SigningKey[]) {
    this.#keys = keys;
  }

  /**
   * next → current → previous, and `fresh` is next. Where nothing signs, there is nothing to wait for.
   * @throws IamError `rotation-too-soon`
   */
  rotate(fresh: SigningKey, now: Date): Succession {
    const [current, next] = [this.#at('current'), this.#at('next')];
    if (next === undefined) return { kind: 'mended', key: fresh, changed: [fresh] };
    if (current !== undefined) {
      next.assertPublishedLongEnough(now);
      current.retireAfter(LONGEST_ACCESS_TOKEN_SECONDS, now);
    }
    next.activate(now);
    return { kind: 'rotated', key: next, changed: [...(current ? [current] : []), next, fresh] };
  }

  /**
   * Of a removed current key the next one takes the place, whatever its age, and of that `fresh`. A previous one leaves
   * no gap. @throws IamError `not-found`
   */
  remove(
    kid: string,
    fresh: SigningKey,
    now: Date,
  ): { readonly stage: SigningKeyStage; readonly changed: readonly SigningKey[] } {
    const removed = this.#keys.find((key) => key.toState().kid === kid);
    if (removed === undefined) throw new IamError('not-found');
    const { stage } = removed;
    removed.remove(now);
    if (stage === 'previous') return { stage, changed: [removed] };
    if (stage === 'next') return { stage, changed: [removed, fresh] };
    const next = this.#at('next');
    (next ?? fresh).activate(now);
    return { stage, changed: [removed, ...(next ? [next] : []), fresh] };
  }

  #at(stage: SigningKeyStage): SigningKey | undefined {
    return this.#keys.find((key) => key.stage === stage);
  }
}

/** Whether no key signs that has begun to after `since`. */
export function isSuccessionDue(ring: readonly Pick<SigningKeyState, 'stage' | 'activatedAt'>[], since: Date): boolean {
  return !ring.some(({ stage, activatedAt }) => stage === 'current' && activatedAt !== null && activatedAt > since);
}
