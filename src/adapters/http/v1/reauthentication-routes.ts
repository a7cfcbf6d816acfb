import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ProviderId } from '../../../domain/project/auth-provider.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import * as contract from './authentication-contract.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import { nameInPath } from './identifier.ts';
import { answerOf, isReturn, ReturnInput, walletOf } from './provider-fields.ts';
import { presentReauthenticated, presentStarted } from './provider-presenters.ts';

/** Who it is, once more: by the account's own factors, or by a provider where it has none. */
export function reauthenticationRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { authentication, providers } }: HttpDependencies,
  { actor }: Doors,
): void {
  serve(routes, contract.reauthenticate, actor('login'), async (c) => {
    const body = await readJson(c);
    if (isReturn(body)) {
      const back = validated(ReturnInput, body);
      const { state, verifier } = back;
      const input = { state, verifier, answer: answerOf(back) };
      return c.json(presentReauthenticated(await providers.finishReauthentication.execute(c.get('actor'), input)));
    }
    if (namesProvider(body)) {
      const { providerId, returnTo, ...wallet } = validated(contract.ReauthenticateElsewhereInput, body);
      const start = { providerId: nameInPath(providerId) as ProviderId, returnTo, wallet: walletOf(wallet) };
      return c.json(presentStarted(await providers.startReauthentication.execute(c.get('actor'), start)));
    }
    const input = validated(contract.ReauthenticateInput, body);
    return c.json(presentReauthenticated(await authentication.reauthenticate.execute(c.get('actor'), input)));
  });
}

function namesProvider(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'providerId' in body;
}
