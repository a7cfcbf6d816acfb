import type { OpenAPIHono } from '@hono/zod-openapi';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import { presentRecoveryCodesLeft, presentSignIn } from './presenters.ts';
import * as contract from './recovery-contract.ts';

/** Recovery codes, and the way in that they are. */
export function recoveryRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { recovery } }: HttpDependencies,
  { visitor, actor }: Doors,
): void {
  serve(routes, contract.recover, visitor('login'), async (c) => {
    const input = validated(contract.RecoverInput, await readJson(c));
    const recovered = await recovery.recover.execute(c.get('visitor'), input);
    const { recoveryCodesRemaining } = recovered;
    return c.json({ ...presentSignIn(recovered), recoveryCodesRemaining });
  });

  serve(routes, contract.recoveryCodes, actor('general'), async (c) =>
    c.json(presentRecoveryCodesLeft(await recovery.readRecoveryCodes.execute(c.get('actor')))),
  );

  serve(routes, contract.regenerateRecoveryCodes, actor('general'), async (c) => {
    const input = validated(contract.RegenerateInput, await readJson(c));
    const { recoveryCodes } = await recovery.regenerateRecoveryCodes.execute(c.get('actor'), input);
    return c.json({ recoveryCodes });
  });
}
