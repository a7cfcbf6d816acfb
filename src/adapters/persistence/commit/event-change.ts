import type { EventId, PublicEvent } from '../../../domain/webhook/public-event.ts';
import { unpublishedEvents } from '../schema/unpublished-events.ts';
import type { Change } from './change.ts';
import { encoded, quoted, shapeOf } from './table-shape.ts';

const SHAPE = shapeOf(unpublishedEvents);
/** The ordinal is the database's to give. */
const GIVEN = ['id', 'projectId', 'tenantId', 'subjectKind', 'subjectId', 'type', 'data', 'occurredAt'] as const;
const COLUMNS = GIVEN.map((property) => quoted(SHAPE, property)).join(', ');

/**
 * In one part of the commit, since its rows get their ordinals in their order. Nobody asks for its answer: it runs when
 * the commit has every lock that it needs, so that whoever waited for another commit comes after it.
 */
export function eventsAppended(told: readonly (PublicEvent & { readonly id: EventId })[]): Change {
  const rows = told.map(({ subject, ...event }) => ({ ...event, subjectKind: subject.kind, subjectId: subject.id }));
  return {
    row: `unpublished_events ${told[0]?.id}`,
    shape: `append events ${told.length}`,
    params: rows.flatMap((row) => GIVEN.map((property) => encoded(SHAPE, property, row))),
    answers: 'nothing',
    sql: (next) =>
      `insert into "unpublished_events" (${COLUMNS}) values ${rows.map(() => `(${GIVEN.map(next).join(', ')})`).join(', ')}`,
  };
}
