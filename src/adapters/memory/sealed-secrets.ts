import type { ProjectId } from '../../domain/project/project.ts';
import { type SealedSecret, sealedUnder } from '../../domain/session/sealed-secret.ts';
import type { KeptSecret, SealedKind, SealedSecrets, SealedStretch, SecretPlace } from '../../ports/sealed-secrets.ts';
import { countOf } from './count-of.ts';
import { type MemoryStore, scoped } from './store.ts';
import type { AnyTable, Table } from './table.ts';

/** Where the secrets of a kind lie. */
interface Shelf {
  kept(): readonly KeptSecret[];
  /** Whether it was there. */
  replace(kept: KeptSecret, by: SealedSecret): boolean;
}

export class MemorySealedSecrets implements SealedSecrets {
  readonly #shelves: Readonly<Record<SealedKind, Shelf>>;

  constructor(store: MemoryStore) {
    this.#shelves = {
      'signing-key': shelf(
        store,
        store.signingKeys,
        ({ kid, sealedPrivateJwk }) => ({ id: kid, sealed: sealedPrivateJwk }),
        (key, sealedPrivateJwk) => ({ ...key, sealedPrivateJwk }),
      ),
      'provider-secret': shelf(
        store,
        store.authProviders,
        ({ id, clientSecret }) => ({ id, sealed: clientSecret }),
        (provider, clientSecret) => ({ ...provider, clientSecret }),
      ),
      'totp-secret': shelf(
        store,
        store.totpFactors,
        ({ userId, secret }) => ({ id: userId, sealed: secret }),
        (factor, secret) => ({ ...factor, secret }),
      ),
      'pending-totp-secret': shelf(
        store,
        store.totpFactors,
        ({ userId, pendingSecret }) => ({ id: userId, sealed: pendingSecret }),
        (factor, pendingSecret) => ({ ...factor, pendingSecret }),
      ),
      'webhook-secret': shelf(
        store,
        store.webhookEndpoints,
        ({ id, secret }) => ({ id, sealed: secret }),
        (endpoint, secret) => ({ ...endpoint, secret }),
      ),
      'previous-webhook-secret': shelf(
        store,
        store.webhookEndpoints,
        ({ id, previousSecret }) => ({ id, sealed: previousSecret }),
        (endpoint, previousSecret) => ({ ...endpoint, previousSecret }),
      ),
    };
  }

  async count(kind: SealedKind): Promise<ReadonlyMap<string, number>> {
    return countOf(this.#shelves[kind].kept().map(({ sealed }) => sealedUnder(sealed)));
  }

  async notUnder(key: string, kind: SealedKind, after: SecretPlace | undefined, limit: number): Promise<SealedStretch> {
    const found = [...this.#shelves[kind].kept()]
      .filter((kept) => sealedUnder(kept.sealed) !== key && (after === undefined || placeOf(kept) > placeOf(after)))
      .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
    const secrets = found.slice(0, limit);
    return { secrets, last: found.length > limit ? secrets.at(-1) : undefined };
  }

  async replace(
    kind: SealedKind,
    boxes: readonly { readonly kept: KeptSecret; readonly by: SealedSecret }[],
  ): Promise<number> {
    return boxes.filter(({ kept, by }) => this.#shelves[kind].replace(kept, by)).length;
  }
}

function shelf<State extends { readonly projectId: ProjectId }>(
  store: MemoryStore,
  table: AnyTable<State> & Pick<Table<State>, 'entries'>,
  secretOf: (state: State) => { readonly id: string; readonly sealed: SealedSecret | null },
  withSecret: (state: State, sealed: SealedSecret) => State,
): Shelf {
  return {
    kept: () =>
      [...table.entries()].flatMap(([, state]) => {
        const { id, sealed } = secretOf(state);
        return sealed === null ? [] : [{ projectId: state.projectId, id, sealed }];
      }),
    replace(kept, by) {
      const isThere = (state: State) => {
        const { id, sealed } = secretOf(state);
        return sealed === kept.sealed && placeOf({ projectId: state.projectId, id }) === placeOf(kept);
      };
      const [, state] = [...table.entries()].find(([, state]) => isThere(state)) ?? [];
      if (state === undefined) return false;
      table.put(withSecret(state, by), store.nextVersion());
      return true;
    },
  };
}

function placeOf({ projectId, id }: SecretPlace): string {
  return scoped(projectId, id);
}
