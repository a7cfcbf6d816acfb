import type { ProjectId } from '../../domain/project/project.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SigningKeyDirectory } from '../../ports/directories/signing-key-directory.ts';
import type { SecretBox } from '../../ports/secret-box.ts';
import { BoundedMap } from './bounded-map.ts';
import { ProjectKeys } from './project-keys.ts';

/** Older than this, keys are looked up again in the background; a key that they lack is looked for at once. */
const FRESH_MS = 1_000;
/** Older than this they are not used: a key that was removed elsewhere is dead within 2 s. */
const USABLE_MS = 2_000;
const PROJECTS = 1_000;

interface Ring {
  readonly keys: ProjectKeys;
  /** Just before the look-up. */
  readonly asOf: Date;
}

/** The imported keys of the projects in use. Warm, they cost no I/O; where they cannot be looked up, it rejects. */
export class SigningKeyRings {
  readonly #directory: Pick<SigningKeyDirectory, 'ofProject'>;
  readonly #secretBox: SecretBox;
  readonly #clock: Clock;
  readonly #rings = new BoundedMap<ProjectId, Ring>(PROJECTS);
  readonly #lookups = new Map<ProjectId, Promise<ProjectKeys | undefined>>();

  constructor(directory: Pick<SigningKeyDirectory, 'ofProject'>, secretBox: SecretBox, clock: Clock) {
    this.#directory = directory;
    this.#secretBox = secretBox;
    this.#clock = clock;
  }

  async of(projectId: ProjectId): Promise<ProjectKeys | undefined> {
    const ring = this.#rings.get(projectId);
    const age = ring ? this.#ageOf(ring) : USABLE_MS;
    if (!ring || age >= USABLE_MS) return this.#lookUp(projectId);
    // Whoever comes after the keys are too old asks again, and is told why it failed.
    if (age >= FRESH_MS) this.#lookUp(projectId).catch(() => {});
    return ring.keys;
  }

  /** For a key that the ring lacks. At most once a second, since anybody can name a key that never was. */
  async lookAgain(projectId: ProjectId): Promise<ProjectKeys | undefined> {
    const ring = this.#rings.get(projectId);
    return ring && this.#ageOf(ring) < FRESH_MS ? ring.keys : this.#lookUp(projectId);
  }

  forget(projectId: ProjectId): void {
    this.#rings.delete(projectId);
    this.#lookups.delete(projectId);
  }

  #ageOf({ asOf, keys }: Ring): number {
    const now = this.#clock.now();
    const age = now.getTime() - asOf.getTime();
    const outlived = age < 0 || (keys.validUntil !== undefined && keys.validUntil <= now);
    return outlived ? USABLE_MS : age;
  }

  #lookUp(projectId: ProjectId): Promise<ProjectKeys | undefined> {
    const running = this.#lookups.get(projectId);
    if (running) return running;
    const asOf = this.#clock.now();
    const before = this.#rings.get(projectId)?.keys;
    const isLatest = () => this.#lookups.get(projectId) === lookup;
    const lookup = this.#directory
      .ofProject(projectId)
      .then((states) => ProjectKeys.of(states, this.#secretBox, asOf, before))
      .then((keys) => {
        if (isLatest() && keys) this.#rings.set(projectId, { keys, asOf });
        else if (isLatest()) this.#rings.delete(projectId);
        return keys;
      })
      .finally(() => {
        if (isLatest()) this.#lookups.delete(projectId);
      });
    this.#lookups.set(projectId, lookup);
    return lookup;
  }
}
