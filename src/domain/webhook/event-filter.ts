import { invalidField } from '../errors.ts';
import { PUBLIC_EVENT_TYPES } from './public-events.ts';

const PREFIX_END = '.*';
const MOST = 50;

/** Whether the event is one of these: a name, or every name under a prefix (`user.*`). */
export function isOfType(type: string, filter: string): boolean {
  return filter.endsWith(PREFIX_END) ? type.startsWith(filter.slice(0, -1)) : type === filter;
}

/** Sorted, each once. None: everything. @throws IamError `validation-error` for a name that no event has */
export function parseEventTypes(raw: readonly string[]): readonly string[] {
  if (raw.length > MOST) throw invalidField('eventTypes', `must be at most ${MOST}`, 'TOO_LONG');
  raw.forEach((filter, index) => {
    parseEventType(filter, `eventTypes.${index}`);
  });
  return [...new Set(raw)].sort();
}

/** @throws IamError `validation-error` for what matches no event that there is */
export function parseEventType(raw: string, field: string): string {
  if (!PUBLIC_EVENT_TYPES.some((type) => isOfType(type, raw))) {
    throw invalidField(field, 'must be the name of an event, or a prefix of some with .* at its end', 'NOT_ALLOWED');
  }
  return raw;
}
