import type { Answer } from '../http/v1-world.ts';
import type { Named } from './named.ts';

const TRACE = /"(instance|trace_id)":"[^"]*"/g;

/** What says which request it is the answer to, and nothing else. */
export function withoutTrace(text: string): string {
  return text.replaceAll(TRACE, '"$1":""');
}

const SECRETS = /"(\w*[tT]oken)":"[^"]*"/g;
const CODES = /"recoveryCodes":\[[^\]]*\]/g;
const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g;
const MOMENT = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/**
 * All that a client gets. A refusal is compared to the byte; what was done was done to something new each time, with
 * an id, a time and secrets of its own.
 */
export function asShown({ status, headers, text }: Answer, named: Partial<Named>): object {
  const { 'x-request-id': _, etag, ...others } = Object.fromEntries(headers);
  const told = withoutTrace(text);
  if (status >= 400) return { status, headers: { etag, ...others }, text: told };
  return { status, headers: others, text: anonymous(told, named) };
}

function anonymous(text: string, named: Partial<Named>): string {
  let shown = text;
  for (const [kind, name] of Object.entries(named)) {
    const [localPart = name] = name.split('@');
    shown = shown.replaceAll(name, `<${kind}>`).replaceAll(localPart, `<${kind}>`);
  }
  return shown
    .replaceAll(SECRETS, '"$1":"<secret>"')
    .replaceAll(CODES, '"recoveryCodes":[]')
    .replaceAll(UUID, '<id>')
    .replaceAll(MOMENT, '<moment>');
}
