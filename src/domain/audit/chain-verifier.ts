import type { ChainHead, ContentHash } from './audit-chain.ts';
import type { ChainFault } from './audit-fault.ts';
import { type RecordLine, type SealLine, withoutHash, withoutPersonal } from './audit-lines.ts';

/** A head, or what pretends to be one. */
interface Position {
  readonly number: number;
  readonly hash: string | null;
  readonly count: number;
}

const NOTHING: Position = { number: 0, hash: null, count: 0 };

/** What was found out about one chain. */
export interface VerifiedChain {
  /** The chain is known from the seal after this one on; 0 for a whole one. */
  readonly after: number;
  readonly upTo: number;
  /** Records that are what they were when they were sealed. */
  readonly records: number;
  /** Those of them whose personal detail is erased. */
  readonly erased: readonly string[];
  /** Records of seals before the beginning: nothing can be said about them. */
  readonly uncovered: readonly string[];
}

/** Follows one chain line by line, in the order of an export, and remembers no more of it than it needs. */
export class ChainVerifier {
  readonly #hash: (value: unknown) => ContentHash | undefined;
  readonly #tell: (fault: ChainFault) => void;
  /** Checkpoints of seals that are still to come. */
  readonly #signed = new Map<number, Position>();
  readonly #erased: string[] = [];
  readonly #uncovered: string[] = [];
  #beginning: Position | undefined;
  #last: Position | undefined;
  /** The records of the last seal that have not come yet, with their hashes. */
  #awaited = new Map<string, string>();
  #records = 0;
  #signedUpTo = 0;

  /** `hash` answers `undefined` for what has none. */
  constructor(hash: (value: unknown) => ContentHash | undefined, tell: (fault: ChainFault) => void) {
    this.#hash = hash;
    this.#tell = tell;
  }

  /** Everything up to there is older than records are kept. */
  beginning(head: ChainHead): void {
    if (this.#last !== undefined) {
      this.#tell({ kind: 'chain-broken', seal: head.number });
    } else {
      this.#beginning = head;
      this.#moveTo(head);
    }
  }

  checkpoint(head: ChainHead): void {
    const last = this.#last;
    if (last === undefined || head.number > last.number) {
      const known = this.#signed.get(head.number);
      if (known !== undefined && !isSame(known, head)) this.#tell({ kind: 'chain-rewritten', seal: head.number });
      this.#signed.set(head.number, head);
    } else if (head.number === last.number) {
      this.#compareWithSigned(head, last);
    }
  }

  seal(line: SealLine): void {
    this.#endSeal();
    const { number, hash, count, records } = line;
    if (this.#hash(withoutHash(line)) !== hash) this.#tell({ kind: 'seal-edited', seal: number });
    this.#compareWithLast(line);
    if (line.followsForeign) this.#tell({ kind: 'seal-foreign', seal: number - 1 });
    for (const { id, foreign } of records) if (foreign) this.#tell({ kind: 'record-foreign', seal: number, id });
    this.#moveTo({ number, hash, count });
    this.#awaited = new Map(records.map((record) => [record.id, record.hash]));
  }

  record(line: RecordLine): void {
    const { id, sealedIn: seal } = line;
    const hash = seal === this.#last?.number ? this.#awaited.get(id) : undefined;
    if (seal <= (this.#beginning?.number ?? 0)) {
      this.#uncovered.push(id);
    } else if (hash === undefined) {
      this.#tell({ kind: 'record-inserted', seal, id });
    } else {
      this.#awaited.delete(id);
      this.#compareWithSealed(line, hash);
    }
  }

  end(): VerifiedChain {
    this.#endSeal();
    const upTo = this.#last?.number ?? 0;
    for (const number of this.#signed.keys()) if (number > upTo) this.#tell({ kind: 'end-removed', seal: number });
    if (this.#signedUpTo < upTo) this.#tell({ kind: 'end-unsigned', seal: upTo });
    return {
      after: this.#beginning?.number ?? 0,
      upTo,
      records: this.#records,
      erased: this.#erased,
      uncovered: this.#uncovered,
    };
  }

  #compareWithSealed(line: RecordLine, hash: string): void {
    const { id, sealedIn: seal, personal, personalHash } = line;
    const personalHolds = personal === null || this.#hash(personal) === personalHash;
    if (!personalHolds || this.#hash(withoutPersonal(line)) !== hash) {
      this.#tell({ kind: 'record-edited', seal, id });
    } else {
      this.#records += 1;
      if (personal === null) this.#erased.push(id);
    }
  }

  #compareWithLast({ number, previousHash, count, records }: SealLine): void {
    const { number: last, hash, count: before } = this.#last ?? NOTHING;
    if (number > last + 1) {
      this.#tell({ kind: 'seals-removed', seal: last + 1, until: number - 1 });
    } else if (number <= last || previousHash !== hash || count !== before + records.length) {
      this.#tell({ kind: 'chain-broken', seal: number });
    }
  }

  #moveTo(position: Position): void {
    this.#last = position;
    const signed = this.#signed.get(position.number);
    if (signed !== undefined) this.#compareWithSigned(signed, position);
  }

  #compareWithSigned(signed: Position, position: Position): void {
    this.#signedUpTo = Math.max(this.#signedUpTo, signed.number);
    if (!isSame(signed, position)) this.#tell({ kind: 'chain-rewritten', seal: position.number });
  }

  #endSeal(): void {
    const seal = this.#last?.number ?? 0;
    for (const id of this.#awaited.keys()) this.#tell({ kind: 'record-removed', seal, id });
    this.#awaited.clear();
  }
}

function isSame(one: Position, other: Position): boolean {
  return one.number === other.number && one.hash === other.hash && one.count === other.count;
}
