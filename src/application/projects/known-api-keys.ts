import { type ApiKeyId, type ApiKeyState, type ApiKeyView, apiKeyView, isLive } from '../../domain/project/api-key.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import { digestedUnder, type SecretDigest } from '../../domain/session/secret-digest.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Policy } from '../policy.ts';
import { Remembered } from '../remembered.ts';

const MAX_KEYS = 10_000;
/** Replicas that are started one after the other with another master key may each have their own idea of the best digest. */
const DIGESTED_ANEW_EVERY_MS = 3_600_000;

export const API_KEY_CONTEXT = 'api-key';
export const API_KEY_PREFIX = 'ck_';

type KnownApiKeysDeps = Pick<Ports, 'unitOfWork' | 'apiKeyDirectory' | 'secretIssuer' | 'clock'> & {
  readonly policy: Policy;
};

/** API keys as they stood a moment ago: every Gate request shows one. */
export class KnownApiKeys {
  readonly #deps: KnownApiKeysDeps;
  readonly #remembered: Remembered<string, ApiKeyView>;
  readonly #digestedAnew = new Map<ApiKeyId, number>();

  constructor(deps: KnownApiKeysDeps) {
    this.#deps = deps;
    this.#remembered = new Remembered({
      maxAgeSeconds: deps.policy.settingsMaxAgeSeconds,
      maxEntries: MAX_KEYS,
      clock: deps.clock,
    });
  }

  /** `undefined` for everything that opens nothing. */
  async live(projectId: ProjectId, secret: string): Promise<ApiKeyView | undefined> {
    const { secretIssuer, clock } = this.#deps;
    const name = `${projectId} ${secretIssuer.fingerprint(secret)}`;
    const key = await this.#remembered.get(name, () => this.#look(projectId, secret));
    return key !== undefined && isLive(key, clock.now()) ? key : undefined;
  }

  clear(): void {
    this.#remembered.clear();
  }

  async #look(projectId: ProjectId, secret: string): Promise<ApiKeyView | undefined> {
    const { apiKeyDirectory, secretIssuer } = this.#deps;
    const key = await apiKeyDirectory.byDigest(projectId, secretIssuer.lastingDigests(API_KEY_CONTEXT, secret));
    if (key === undefined) return undefined;
    const digest = secretIssuer.digestAnew(API_KEY_CONTEXT, secret, key.digest);
    // It is good, whether or not that can be noted.
    if (digest !== undefined) await this.#digestAnew(key, digest).catch(() => {});
    return apiKeyView(key);
  }

  /** Only whoever shows the key can bring it under another master key. */
  async #digestAnew({ projectId, id }: ApiKeyState, digest: SecretDigest): Promise<void> {
    const now = this.#deps.clock.now().getTime();
    if (now - (this.#digestedAnew.get(id) ?? Number.NEGATIVE_INFINITY) < DIGESTED_ANEW_EVERY_MS) return;
    if (this.#digestedAnew.size >= MAX_KEYS) this.#digestedAnew.clear();
    this.#digestedAnew.set(id, now);
    await this.#deps.unitOfWork.run(async ({ apiKeys }) => {
      const key = await apiKeys.byId(projectId, id);
      if (key === undefined || digestedUnder(key.toState().digest) === digestedUnder(digest)) return;
      key.digestAnew(digest);
      apiKeys.save(key);
    });
  }
}
