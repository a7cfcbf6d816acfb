import type { z } from '@hono/zod-openapi';
import { IamError } from '../../../domain/errors.ts';
import { violationsOf } from '../v1/violations.ts';

/**
 * What `schema` makes of `input`.
 * @throws IamError `validation-error` with every violation
 */
export function validated<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new IamError('validation-error', { violations: violationsOf(result.error.issues, input) });
}
