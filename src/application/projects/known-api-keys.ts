import { type ApiKeyView, apiKeyView, isLive } from '../../domain/project/api-key.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ApiKeyDirectory } from '../../ports/directories/api-key-directory.ts';
import type { SecretIssuer } from '../../ports/secret-issuer.ts';
import type { Policy } from '../policy.ts';
import { Remembered } from '../remembered.ts';

const MAX_KEYS = 10_000;

export const API_KEY_CONTEXT = 'api-key';
export const API_KEY_PREFIX = 'ck_';

/** API keys as they stood a moment ago: every Gate request shows one. */
export class KnownApiKeys {
  readonly #directory: ApiKeyDirectory;
  readonly #secretIssuer: SecretIssuer;
  readonly #clock: Clock;
  readonly #remembered: Remembered<string, ApiKeyView>;

  constructor(deps: {
    readonly apiKeyDirectory: ApiKeyDirectory;
    readonly secretIssuer: SecretIssuer;
    readonly clock: Clock;
    readonly policy: Policy;
  }) {
    this.#directory = deps.apiKeyDirectory;
    this.#secretIssuer = deps.secretIssuer;
    this.#clock = deps.clock;
    this.#remembered = new Remembered({
      maxAgeSeconds: deps.policy.settingsMaxAgeSeconds,
      maxEntries: MAX_KEYS,
      clock: deps.clock,
    });
  }

  /** `undefined` for everything that opens nothing. */
  async live(projectId: ProjectId, secret: string): Promise<ApiKeyView | undefined> {
    const look = async (): Promise<ApiKeyView | undefined> => {
      const key = await this.#directory.byDigest(projectId, this.#secretIssuer.digests(API_KEY_CONTEXT, secret));
      return key && apiKeyView(key);
    };
    const key = await this.#remembered.get(`${projectId} ${this.#secretIssuer.fingerprint(secret)}`, look);
    return key !== undefined && isLive(key, this.#clock.now()) ? key : undefined;
  }

  clear(): void {
    this.#remembered.clear();
  }
}
