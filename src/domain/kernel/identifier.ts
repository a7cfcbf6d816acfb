import type { Brand } from './brand.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The door of an id type. Ids are UUIDs (RFC 9562) in lower case; they name things, they prove nothing. */
export interface IdentifierDoor<T extends string> {
  /** The id in its canonical form, or `undefined` for anything that no id can look like. */
  parse(raw: unknown): T | undefined;
}

export function identifierDoor<T extends Brand<string, string>>(): IdentifierDoor<T> {
  return {
    parse(raw) {
      if (typeof raw !== 'string') return undefined;
      const value = raw.toLowerCase();
      return UUID.test(value) ? (value as T) : undefined;
    },
  };
}
