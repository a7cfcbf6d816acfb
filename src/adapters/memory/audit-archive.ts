import type { AuditChain, KeptHead } from '../../domain/audit/audit-chain.ts';
import { type FoundRecord, isErased, type SealedRecord } from '../../domain/audit/audit-record.ts';
import type { SealedRecords } from '../../domain/audit/audit-seal.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { UserId } from '../../domain/user/user.ts';
import type { AuditArchive, ChainExtent, StandingChain, Stretch, UnsealedRecords } from '../../ports/audit-archive.ts';
import { type AuditLog, type AuditRow, type AuditSealRow, chainKey } from './audit-log.ts';

const SEALS_IN_A_STRETCH = 20;

export class MemoryAuditArchive implements AuditArchive {
  readonly #log: AuditLog;

  constructor(log: AuditLog) {
    this.#log = log;
  }

  async unsealed(limit: number): Promise<readonly UnsealedRecords[]> {
    const waiting = [...this.#log.unsealed].flatMap((id) => this.#log.rows.get(id) ?? []);
    const chains = new Map<string, { chain: AuditChain; head: KeptHead | undefined; records: FoundRecord[] }>();
    for (const row of waiting.toSorted(byChainAndId).slice(0, limit)) {
      const { projectId, tenantId } = row;
      const key = chainKey(row);
      const known = chains.get(key) ?? {
        chain: { projectId, tenantId },
        head: headOf(this.#seals(key).at(-1)),
        records: [],
      };
      known.records.push(structuredClone(row));
      chains.set(key, known);
    }
    return [...chains.values()];
  }

  async keep(sealed: readonly SealedRecords[]): Promise<number> {
    let kept = 0;
    for (const { seal, records } of sealed) {
      const key = chainKey(seal);
      const seals = this.#seals(key);
      if (seal.number !== (seals.at(-1)?.number ?? 0) + 1) continue;
      const oldest = new Date(Math.min(...records.map(({ timestamp }) => timestamp.getTime())));
      this.#log.seals.set(key, [...seals, structuredClone({ ...seal, oldest, outlived: false })]);
      for (const { id, sealedIn } of records) {
        const row = this.#log.rows.get(id);
        if (row) this.#log.rows.set(id, { ...row, sealedIn });
        this.#log.unsealed.delete(id);
      }
      kept += records.length;
    }
    return kept;
  }

  async heads(after: AuditChain | undefined, limit: number): Promise<readonly StandingChain[]> {
    return [...this.#log.seals]
      .filter(([key]) => after === undefined || key > chainKey(after))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, limit)
      .flatMap(([, seals]) => {
        const [seal, head] = [seals.at(-1), headOf(seals.at(-1))];
        return seal && head ? [{ chain: { projectId: seal.projectId, tenantId: seal.tenantId }, head }] : [];
      });
  }

  async attest(heads: readonly (StandingChain & { readonly attestation: string })[]): Promise<number> {
    return heads.filter(({ chain, head, attestation }) => {
      const seals = this.#seals(chainKey(chain));
      const isIt = (seal: AuditSealRow) => seal.number === head.number && seal.attestation === head.attestation;
      this.#log.seals.set(
        chainKey(chain),
        seals.map((seal) => (isIt(seal) ? { ...seal, attestation } : seal)),
      );
      return seals.some(isIt);
    }).length;
  }

  async extent(chain: AuditChain): Promise<ChainExtent | undefined> {
    const seals = this.#seals(chainKey(chain));
    const head = headOf(seals.at(-1));
    return head && { beginning: headOf(seals.findLast(({ outlived }) => outlived)), head };
  }

  async stretch(
    chain: AuditChain,
    { after, upTo }: { readonly after: number | undefined; readonly upTo: number },
  ): Promise<Stretch> {
    const all = this.#seals(chainKey(chain)).filter(({ outlived }) => !outlived);
    const seals = all.filter(({ number }) => number > (after ?? 0) && number <= upTo).slice(0, SEALS_IN_A_STRETCH);
    const last = seals.at(-1)?.number;
    const belongs = ({ sealedIn }: SealedRecord) =>
      last === undefined
        ? sealedIn > upTo && !all.some(({ number }) => number === sealedIn)
        : sealedIn > (after ?? 0) && sealedIn <= last;
    const records = [...this.#log.rows.values()].filter((row) => chainKey(row) === chainKey(chain)).filter(isSealed);
    return structuredClone({
      seals: seals.map(({ outlived: _outlived, oldest: _oldest, ...seal }) => seal),
      records: records.filter(belongs).toSorted((a, b) => a.sealedIn - b.sealedIn || byId(a, b)),
    });
  }

  async forget(before: Date): Promise<number> {
    let gone = 0;
    for (const [key, seals] of this.#log.seals) {
      const last = seals.findLastIndex(({ oldest, outlived }) => oldest < before && !outlived);
      const latest = seals[last];
      if (latest === undefined) continue;
      this.#log.seals.set(key, [{ ...latest, records: [], outlived: true }, ...seals.slice(last + 1)]);
      gone += 1;
    }
    const old = [...this.#log.rows.values()].filter((row) => row.timestamp < before && isSealed(row));
    for (const { id } of old) this.#log.forget(id);
    return gone + old.length;
  }

  async erase(projectId: ProjectId, userId: UserId): Promise<number> {
    const theirs = [...this.#log.rows.values()].filter(
      (row) => row.projectId === projectId && (row.userId === userId || row.actorId === userId) && !isErased(row),
    );
    for (const { id } of theirs) this.#log.erase(id);
    return theirs.length;
  }

  #seals(key: string): readonly AuditSealRow[] {
    return this.#log.seals.get(key) ?? [];
  }
}

function headOf(seal: AuditSealRow | undefined): KeptHead | undefined {
  return seal && { number: seal.number, hash: seal.hash, count: seal.count, attestation: seal.attestation };
}

function isSealed(row: AuditRow): row is AuditRow & SealedRecord {
  return row.sealedIn !== undefined;
}

function byChainAndId(a: AuditRow, b: AuditRow): number {
  return chainKey(a) === chainKey(b) ? byId(a, b) : chainKey(a) < chainKey(b) ? -1 : 1;
}

function byId(a: AuditRow, b: AuditRow): number {
  return a.id < b.id ? -1 : 1;
}
