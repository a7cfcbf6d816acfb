import type { Context } from 'hono';
import type { ProviderId } from '../../../domain/project/auth-provider.ts';
import type { HttpEnvironment } from '../environment.ts';
import { nameInPath } from './identifier.ts';

/** @throws IamError `not-found` for what names no provider */
export function providerInPath(c: Context<HttpEnvironment>): ProviderId {
  return nameInPath(c.req.param('providerId')) as ProviderId;
}
