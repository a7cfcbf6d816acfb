import type { AuditLine } from './audit-lines.ts';

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isTextOrNull: Check = (value) => value === null || typeof value === 'string';
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) > 0;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isListed: Check = (value) => isObject(value) && isText(value.id) && isText(value.hash);

const signed: Readonly<Record<string, Check>> = { jws: isText };

/** Only what a verifier goes by: the hashes cover the rest. */
const SHAPES: Readonly<Record<AuditLine['type'], Readonly<Record<string, Check>>>> = {
  beginning: signed,
  checkpoint: signed,
  seal: {
    projectId: isText,
    tenantId: isTextOrNull,
    number: isCount,
    previousHash: isTextOrNull,
    count: isCount,
    hash: isText,
    records: (value) => Array.isArray(value) && value.every(isListed),
  },
  record: {
    projectId: isText,
    tenantId: isTextOrNull,
    sealedIn: isCount,
    id: isText,
    personalHash: isText,
    personal: (value) => value === null || isObject(value),
  },
};

/** `undefined` for anything that no export has. */
export function parseAuditLine(value: unknown): AuditLine | undefined {
  if (!isObject(value) || !Object.hasOwn(SHAPES, String(value.type))) return undefined;
  const shape = SHAPES[value.type as AuditLine['type']];
  const fits = Object.entries(shape).every(([name, check]) => Object.hasOwn(value, name) && check(value[name]));
  return fits ? (value as unknown as AuditLine) : undefined;
}
