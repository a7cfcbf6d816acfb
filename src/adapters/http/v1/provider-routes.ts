import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ProviderOutcome } from '../../../application/providers/answer-provider.ts';
import { IamError } from '../../../domain/errors.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { readJson, readOptionalJson } from '../middleware/body.ts';
import { HttpRefusal } from '../middleware/http-refusal.ts';
import { requestHeader } from '../middleware/request-header.ts';
import { validated } from '../middleware/validated.ts';
import { serve } from './documented.ts';
import { type Doors, projectInHeader } from './doors.ts';
import { readQuery } from './page.ts';
import { presentSignIn } from './presenters.ts';
import * as contract from './provider-contract.ts';
import { StartInput, walletOf } from './provider-fields.ts';
import { providerInPath } from './provider-in-path.ts';
import { presentLink, presentReauthenticated, presentStarted } from './provider-presenters.ts';
import { projectOfReturn } from './provider-returns.ts';
import { dropVerifier, heldVerifier, holdVerifier, isFromOwnPage } from './verifier-cookie.ts';

type HttpContext = Context<HttpEnvironment>;

const projectOfStart = (c: HttpContext) => readQuery(c, contract.StartQuery).projectId ?? projectInHeader(c);

/** Signing in with a provider: there, back again, and what comes of it. */
export function providerRoutes(
  routes: OpenAPIHono<HttpEnvironment>,
  { iam: { providers }, publicUrl, corsOrigins, allowedReturnUrls }: HttpDependencies,
  { visitor }: Doors,
): void {
  const trustedOrigins = new Set(
    [publicUrl, ...allowedReturnUrls].map((url) => new URL(url).origin).concat(corsOrigins),
  );

  serve(routes, contract.listSignInProviders, visitor('general'), async (c) =>
    c.json({ data: await providers.listSignInProviders.execute(c.get('visitor')) }),
  );

  serve(routes, contract.startSignIn, visitor('login'), async (c) => {
    const providerId = providerInPath(c);
    const { returnTo, ...wallet } = validated(StartInput, await readOptionalJson(c));
    const input = { providerId, returnTo, wallet: walletOf(wallet) };
    if (!isFromOwnPage(c)) {
      return c.json(presentStarted(await providers.startSignIn.execute(c.get('visitor'), input)));
    }
    // The browser of a page of ours comes back with a cookie, as it does after `GET`.
    const started = await providers.startSignIn.execute(c.get('visitor'), { ...input, verifier: heldVerifier(c) });
    holdVerifier(c, started.verifier);
    return c.json(presentStarted(started));
  });

  serve(routes, contract.startInBrowser, visitor('login', projectOfStart), async (c) => {
    const providerId = providerInPath(c);
    const { returnTo } = readQuery(c, contract.StartQuery);
    const offered = await providers.listSignInProviders.execute(c.get('visitor'));
    if (offered.some(({ id, type }) => id === providerId && type === 'wallet')) {
      const query = new URLSearchParams({
        projectId: c.get('project').id,
        ...(returnTo !== undefined && { returnTo }),
      });
      return c.redirect(`${publicUrl}/wallet/${providerId}?${query}`, 303);
    }
    const input = { providerId, returnTo, verifier: heldVerifier(c) };
    const { redirectUrl, verifier } = await providers.startSignIn.execute(c.get('visitor'), input);
    holdVerifier(c, verifier);
    return c.redirect(redirectUrl, 303);
  });

  serve(routes, contract.returnFromProvider, visitor('login', projectOfReturn), async (c) => {
    // Whoever looks ahead, as mail and chat programs do, must not spend what the person comes with.
    if (c.req.method === 'HEAD') throw new HttpRefusal('method-not-allowed');
    const back = { providerId: providerInPath(c), ...c.get('returned') };
    return answerWith(c, await providers.answerProvider.execute(c.get('visitor'), back));
  });

  serve(routes, contract.returnFromWallet, visitor('login', projectOfReturn), async (c) => {
    const back = { providerId: providerInPath(c), ...c.get('returned') };
    // A form of another site comes without the cookie, which the browser sends again where it is led by a link.
    if (back.answer.kind === 'redirect') return c.redirect(`?${new URLSearchParams(back.answer.parameters)}`, 303);
    return answerWith(c, await providers.answerProvider.execute(c.get('visitor'), back));
  });

  serve(routes, contract.exchangeCode, visitor('login'), async (c) => {
    const { code, verifier = verifierOfCookie(c) } = validated(contract.ExchangeInput, await readJson(c));
    const spent = () => heldVerifier(c) === verifier && dropVerifier(c);
    const exchange = providers.exchangeCode.execute(c.get('visitor'), { code, verifier });
    const signIn = await exchange.catch((refusal: unknown) => {
      if (refusal instanceof IamError && refusal.is('mfa-required')) spent();
      throw refusal;
    });
    spent();
    return c.json(presentSignIn(signIn));
  });

  /**
   * Only of a page that people are sent back to, or one that may ask (ASVS 3.5.1).
   * @throws IamError `forbidden`; `validation-error` for a browser that holds none
   */
  function verifierOfCookie(c: HttpContext): string {
    const verifier = heldVerifier(c);
    if (verifier === undefined) {
      const violations = [{ field: 'verifier', message: 'is required', code: 'REQUIRED' }] as const;
      throw new IamError('validation-error', { violations });
    }
    const origin = requestHeader(c, 'origin');
    if (origin !== undefined && !trustedOrigins.has(origin)) throw new IamError('forbidden', {});
    return verifier;
  }
}

function answerWith(c: HttpContext, outcome: ProviderOutcome): Response {
  switch (outcome.kind) {
    case 'return':
      return c.redirect(withParameters(outcome.returnTo, outcome.parameters), 303);
    case 'linked':
      return c.json(presentLink(outcome.link));
    case 'reauthenticated':
      return c.json(presentReauthenticated(outcome));
    default:
      return c.json(presentSignIn(outcome));
  }
}

function withParameters(returnTo: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(returnTo);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
