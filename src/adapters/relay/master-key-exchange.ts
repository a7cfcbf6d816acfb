import { setTimeout as pause } from 'node:timers/promises';
import type { Iam } from '../../application/iam.ts';
import type { MasterKeyNeeds } from '../../application/sealing/read-master-key-needs.ts';
import type { ResealProgress } from '../../application/sealing/reseal-secrets.ts';
import type { Clock } from '../../ports/clock.ts';
import { Recurring } from './recurring.ts';
import type { Report } from './report.ts';

/** How it stands, for the operator: while it goes on, and whenever what is still needed is another than before. */
export type ExchangeNews =
  | ({ readonly kind: 'progress' } & ResealProgress)
  | ({ readonly kind: 'standing'; readonly unopened: number } & StillNeeded);

interface StillNeeded extends Omit<MasterKeyNeeds, 'seconds'> {
  /** From when on no session and no link needs the key before any more, if this was the last process to be exchanged. */
  readonly from: Date;
}

export interface MasterKeyExchangeParts {
  readonly sealing: Iam['sealing'];
  readonly clock: Clock;
  readonly report: Report;
  readonly tell: (news: ExchangeNews) => void;
  /** Until the first run: starting up does no work that can wait. */
  readonly firstAfterMs?: number;
  /** From the end of a run to the next: others may still make something under the key before. */
  readonly everyMs?: number;
  /** After every batch: nobody is to notice. */
  readonly pauseMs?: number;
  /** From one word on the progress to the next. */
  readonly tellEveryMs?: number;
}

const PAUSES = { firstAfterMs: 10_000, everyMs: 300_000, pauseMs: 10, tellEveryMs: 10_000 };

/** Brings everything that can be brought there under the present master key, and says when the one before can go. */
export class MasterKeyExchange {
  readonly #parts: Required<MasterKeyExchangeParts>;
  readonly #runs: Recurring;
  readonly #since: Date;
  #told: string | undefined;

  constructor(parts: MasterKeyExchangeParts) {
    this.#parts = { ...PAUSES, ...parts };
    this.#runs = new Recurring(() => this.#run(), this.#parts);
    this.#since = parts.clock.now();
  }

  start(): void {
    this.#runs.start();
  }

  /** Resolves when the batch under way, if any, is where it belongs. */
  stop(): Promise<void> {
    return this.#runs.stop();
  }

  async #run(): Promise<void> {
    const { sealing, report, tell, pauseMs } = this.#parts;
    const goesOn = async () => {
      if (this.#runs.isOpen) await pause(pauseMs);
      return this.#runs.isOpen;
    };
    try {
      const { unopened, ...progress } = await sealing.resealSecrets.execute(this.#telling(goesOn));
      if (progress.resealed > 0) tell({ kind: 'progress', ...progress });
      await sealing.attestHeadsAnew.execute(goesOn);
      if (this.#runs.isOpen) this.#conclude(unopened, await sealing.readMasterKeyNeeds.execute());
    } catch (error) {
      report({ what: 'exchange-failed', error });
    }
  }

  #telling(goesOn: () => Promise<boolean>): (progress: ResealProgress) => Promise<boolean> {
    const { tell, tellEveryMs } = this.#parts;
    let last = performance.now();
    return (progress) => {
      if (performance.now() - last >= tellEveryMs) {
        last = performance.now();
        tell({ kind: 'progress', ...progress });
      }
      return goesOn();
    };
  }

  #conclude(unopened: number, { seconds, ...needs }: MasterKeyNeeds): void {
    const from = new Date(this.#since.getTime() + seconds * 1000);
    const news: ExchangeNews = { kind: 'standing', unopened, ...needs, from };
    const text = JSON.stringify(news);
    if (text === this.#told) return;
    this.#told = text;
    this.#parts.tell(news);
  }
}
