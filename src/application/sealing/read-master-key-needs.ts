import type { ProjectId, ProjectState } from '../../domain/project/project.ts';
import { ONE_TIME_TOKEN_LIFE_SECONDS } from '../../domain/session/one-time-token.ts';
import type { Ports } from '../../ports/ports.ts';
import { SEALED_KINDS } from '../../ports/sealed-secrets.ts';
import { outdatedHeads } from './outdated-heads.ts';

/** What still takes the master key before the present one. */
export interface MasterKeyNeeds {
  /** Secrets that are sealed under another key than the present one. */
  readonly sealed: number;
  /** Audit chains whose head only the key before attests. */
  readonly auditChains: number;
  /** API keys that were not shown since. */
  readonly apiKeys: number;
  /** How long, at the longest, a session that nobody refreshes or a mailed link is good that was made with it. */
  readonly seconds: number;
}

type ReadMasterKeyNeedsDeps = Pick<
  Ports,
  | 'sealedSecrets'
  | 'secretBox'
  | 'auditArchive'
  | 'attester'
  | 'apiKeyDirectory'
  | 'secretIssuer'
  | 'projectDirectory'
  | 'clock'
>;

const PAGE = 100;
const LONGEST_LINK_SECONDS = Math.max(...Object.values(ONE_TIME_TOKEN_LIFE_SECONDS));

/** Whether the master key before the present one can go. */
export class ReadMasterKeyNeeds {
  readonly #deps: ReadMasterKeyNeedsDeps;
  constructor(deps: ReadMasterKeyNeedsDeps) {
    this.#deps = deps;
  }

  async execute(): Promise<MasterKeyNeeds> {
    return {
      sealed: await this.#sealed(),
      auditChains: await this.#auditChains(),
      apiKeys: await this.#apiKeys(),
      seconds: await this.#seconds(),
    };
  }

  async #sealed(): Promise<number> {
    const { sealedSecrets, secretBox } = this.#deps;
    const counts = await Promise.all(SEALED_KINDS.map((kind) => sealedSecrets.count(kind)));
    return counts.reduce((sum, count) => sum + others(count, secretBox.presentKey), 0);
  }

  async #auditChains(): Promise<number> {
    let found = 0;
    for await (const heads of outdatedHeads(this.#deps)) found += heads.length;
    return found;
  }

  async #apiKeys(): Promise<number> {
    const { apiKeyDirectory, secretIssuer, clock } = this.#deps;
    return others(await apiKeyDirectory.countLive(clock.now()), secretIssuer.presentKey);
  }

  async #seconds(): Promise<number> {
    let longest = LONGEST_LINK_SECONDS;
    for await (const { settings } of this.#projects()) {
      longest = Math.max(longest, Math.min(settings.refreshIdleTtlSeconds, settings.refreshAbsoluteTtlSeconds));
    }
    return longest;
  }

  async *#projects(): AsyncGenerator<ProjectState> {
    let after: ProjectId | undefined;
    for (let more = true; more; ) {
      const { items, hasMore } = await this.#deps.projectDirectory.page({ after, limit: PAGE });
      yield* items;
      after = items.at(-1)?.id;
      more = hasMore;
    }
  }
}

function others(counts: ReadonlyMap<string, number>, presentKey: string): number {
  return [...counts].reduce((sum, [key, count]) => (key === presentKey ? sum : sum + count), 0);
}
