import type { OpenAPIHono } from '@hono/zod-openapi';
import { TenantId } from '../../../domain/tenant/tenant.ts';
import { UserId } from '../../../domain/user/user.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson, readOptionalJson } from '../middleware/body.ts';
import { validated } from '../middleware/validated.ts';
import * as contract from './authentication-contract.ts';
import { serve } from './documented.ts';
import type { Doors } from './doors.ts';
import type { CreateOnce } from './idempotency.ts';
import { identifier } from './identifier.ts';
import { presentRegistered, presentSignIn, presentTenantChoice, presentTokens } from './presenters.ts';

/** Signing up, in and out, in one's own place or another's, and the choice of the tenant. */
export function authenticationRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam }: HttpDependencies,
  { visitor, actor }: Doors,
  once: CreateOnce,
): void {
  const { authentication, tenants } = iam;

  serve(routes, contract.register, visitor('register'), async (c) => {
    const body = await readJson(c);
    return once(c, { body, secret: true }, async () => {
      const input = validated(contract.RegisterInput, body);
      return c.json(presentRegistered(await authentication.register.execute(c.get('visitor'), input)), 201);
    });
  });

  serve(routes, contract.login, visitor('login'), async (c) => {
    const input = validated(contract.LoginInput, await readJson(c));
    const signIn = await authentication.login.execute(c.get('visitor'), input);
    if (signIn.kind === 'second-factor') throw new Error('v1 takes the code together with the password');
    return c.json(presentSignIn(signIn));
  });

  serve(routes, contract.refresh, visitor('general'), async (c) => {
    const input = validated(contract.RefreshInput, await readJson(c));
    return c.json(presentTokens(await authentication.refreshSession.execute(c.get('visitor'), input)));
  });

  serve(routes, contract.logout, actor('general'), async (c) => {
    const input = validated(contract.LogoutInput, await readOptionalJson(c));
    await authentication.endOwnSession.execute(c.get('actor'), input);
    return c.body(null, 204);
  });

  serve(routes, contract.ownTenants, actor('general'), async (c) => {
    const choices = await tenants.listOwnTenants.execute(c.get('actor'));
    return c.json({ data: choices.map((choice) => ({ ...presentTenantChoice(choice), current: choice.current })) });
  });

  serve(routes, contract.selectTenant, visitor('login'), async (c) => {
    const input = validated(contract.SelectTenantInput, await readJson(c));
    const tenantId = identifier(TenantId, input.tenantId);
    return c.json(presentTokens(await authentication.selectTenant.execute(c.get('visitor'), { ...input, tenantId })));
  });

  serve(routes, contract.switchTenant, actor('general'), async (c) => {
    const input = validated(contract.SwitchTenantInput, await readJson(c));
    const tenantId = identifier(TenantId, input.tenantId);
    return c.json(presentTokens(await authentication.switchTenant.execute(c.get('actor'), { ...input, tenantId })));
  });
  serve(routes, contract.impersonate, actor('general'), async (c) => {
    const input = validated(contract.ImpersonateInput, await readJson(c));
    const { reason, note } = input;
    const tenantId = identifier(TenantId, input.tenantId);
    const userId = input.userId === undefined ? undefined : identifier(UserId, input.userId);
    const pair = await authentication.impersonate.execute(c.get('actor'), { tenantId, userId, reason, note });
    return c.json(presentTokens(pair));
  });
}
