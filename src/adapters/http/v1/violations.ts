import type { z } from '@hono/zod-openapi';
import type { Violation } from '../../../domain/errors.ts';

type Issue = z.core.$ZodIssue;

/** What zod found, in the words of the domain. `input` is what was parsed: it tells what is missing from what is wrong. */
export function violationsOf(issues: readonly Issue[], input: unknown): readonly Violation[] {
  return issues.map((issue) => {
    const missing = valueAt(input, issue.path) === undefined;
    return { field: issue.path.join('.'), ...(missing ? REQUIRED : describe(issue)) };
  });
}

const REQUIRED = { message: 'is required', code: 'REQUIRED' } as const;

function describe(issue: Issue): Omit<Violation, 'field'> {
  switch (issue.code) {
    case 'invalid_type':
      return { message: `must be of type ${issue.expected}`, code: 'INVALID_TYPE' };
    case 'invalid_union':
      return { message: 'is of the wrong type', code: 'INVALID_TYPE' };
    case 'too_small':
      return isCounted(issue.origin)
        ? { message: `must not be below ${issue.minimum}`, code: 'TOO_SMALL' }
        : { message: `must have at least ${issue.minimum} ${partsOf(issue.origin)}`, code: 'TOO_SHORT' };
    case 'too_big':
      return isCounted(issue.origin)
        ? { message: `must not be above ${issue.maximum}`, code: 'TOO_BIG' }
        : { message: `must have at most ${issue.maximum} ${partsOf(issue.origin)}`, code: 'TOO_LONG' };
    case 'invalid_value':
      return { message: `must be one of: ${issue.values.join(', ')}`, code: 'NOT_ALLOWED' };
    case 'unrecognized_keys':
      return { message: `must not have ${issue.keys.join(', ')}`, code: 'NOT_ALLOWED' };
    case 'custom':
      return { message: issue.message, code: codeOf(issue) };
    default:
      return { message: 'has the wrong format', code: 'INVALID_FORMAT' };
  }
}

function isCounted(origin: string): boolean {
  return origin === 'number' || origin === 'int' || origin === 'bigint' || origin === 'date';
}

function partsOf(origin: string): string {
  return origin === 'string' ? 'characters' : 'entries';
}

/** A schema's own check names its code in `params`. */
function codeOf(issue: z.core.$ZodIssueCustom): Violation['code'] {
  return (issue.params?.code as Violation['code'] | undefined) ?? 'INVALID_FORMAT';
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    input,
  );
}
