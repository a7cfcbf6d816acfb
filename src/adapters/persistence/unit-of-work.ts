import { setTimeout as pause } from 'node:timers/promises';
import type { AttestRecord } from '../../domain/audit/attestation.ts';
import { IamError } from '../../domain/errors.ts';
import type { IamEvent, IamEventType, RequestEvent } from '../../domain/events.ts';
import type { DomainEvent } from '../../domain/kernel/domain-event.ts';
import { publicEventOf } from '../../domain/webhook/public-events.ts';
import type { AuditEntry } from '../../ports/audit-trail.ts';
import type { IdGenerator } from '../../ports/id-generator.ts';
import type { Repositories, UnitOfWork } from '../../ports/unit-of-work.ts';
import { type Change, insertion, keyedRow } from './commit/change.ts';
import { ChangeSet } from './commit/change-set.ts';
import { CommitStatements } from './commit/commit-statement.ts';
import { eventsAppended } from './commit/event-change.ts';
import type { Aggregate } from './commit/mapping.ts';
import { type Row, shapeOf, type TableShape } from './commit/table-shape.ts';
import type { Database } from './database.ts';
import { LostRace } from './failures.ts';
import type { Queries } from './queries/queries.ts';
import { aggregateRepositories } from './repositories/aggregate-repositories.ts';
import { auditRecords } from './schema/audit-records.ts';
import { outbox } from './schema/outbox.ts';

const RERUNS = 3;
const LONGEST_PAUSE_MS = 10;

export interface UnitOfWorkDeps {
  readonly database: Database;
  readonly queries: Queries;
  readonly idGenerator: IdGenerator;
  readonly attested: AttestRecord;
  /** Whether anything follows from such an event: what nobody acts on is not kept. */
  readonly isTold: (type: IamEventType) => boolean;
  /** Called after a commit that left messages in the outbox. */
  readonly onMessages: () => void;
  /** Called after a commit that left events to be published. */
  readonly onEvents: () => void;
}

/** A commit is one SQL statement: no connection is held while the work thinks, and there is nothing to roll back. */
export class DrizzleUnitOfWork implements UnitOfWork {
  readonly #deps: UnitOfWorkDeps;
  readonly #statements = new CommitStatements();

  constructor(deps: UnitOfWorkDeps) {
    this.#deps = deps;
  }

  async run<T>(work: (repositories: Repositories) => Promise<T>): Promise<T> {
    const events = new RecordedEvents();
    for (let reruns = 0; ; reruns += 1) {
      try {
        return await this.#attempt(work, events);
      } catch (error) {
        if (!(error instanceof LostRace)) throw error;
        if (reruns === RERUNS) throw new IamError('conflict');
        // Whoever lost together does not start again together.
        await pause(Math.random() * LONGEST_PAUSE_MS);
      }
    }
  }

  async #attempt<T>(work: (repositories: Repositories) => Promise<T>, events: RecordedEvents): Promise<T> {
    const { idGenerator, attested, isTold, onMessages, onEvents } = this.#deps;
    const changes = new ChangeSet();
    const requests: RequestEvent[] = [];
    const entries: AuditEntry[] = [];
    const answer = await work({
      ...aggregateRepositories(this.#deps.queries, changes),
      audit: { record: (entry) => void entries.push(entry) },
      events: { record: (event) => void requests.push(event) },
      requireUnchanged: (root) => changes.requireUnchanged(root as Aggregate),
    });
    const happened = [...changes.changedRoots().flatMap((root) => events.of(root)), ...requests] as IamEvent[];
    const messages = happened.filter(({ type }) => isTold(type));
    const told = happened.flatMap((event) => publicEventOf(event) ?? []);
    try {
      await this.#commit([
        ...changes.changes(),
        ...messages.map((event) => appended(OUTBOX, { event, attempts: 0, id: idGenerator.next() })),
        ...(told.length > 0 ? [eventsAppended(told.map((event) => ({ ...event, id: idGenerator.next() })))] : []),
        ...entries.map((entry) => appended(AUDIT_RECORDS, { ...attested({ ...entry, id: idGenerator.next() }) })),
      ]);
    } catch (error) {
      const answer = error instanceof LostRace && changes.answerTo(error.constraint);
      throw answer ? new IamError(answer) : error;
    }
    if (messages.length > 0) onMessages();
    if (told.length > 0) onEvents();
    return answer;
  }

  async #commit(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return;
    const sorted = changes.toSorted((a, b) => Number(a.row > b.row) - Number(a.row < b.row));
    const { text, name } = this.#statements.for(sorted);
    await this.#deps.database.send(
      text,
      sorted.flatMap(({ params }) => params),
      name,
    );
  }
}

const OUTBOX = shapeOf(outbox);
const AUDIT_RECORDS = shapeOf(auditRecords);

function appended(shape: TableShape, row: Row): Change {
  return insertion(keyedRow(shape, ['id'], row));
}

/** Kept from run to run of the same work: an aggregate made outside of it has given its events away by then. */
class RecordedEvents {
  readonly #released = new Map<Aggregate, readonly DomainEvent[]>();

  of(root: Aggregate): readonly DomainEvent[] {
    const events = [...(this.#released.get(root) ?? []), ...root.releaseEvents()];
    this.#released.set(root, events);
    return events;
  }
}
