import { type Context, Hono } from 'hono';
import { IamError } from '../../domain/errors.ts';
import { dialectOf } from './dialect-of.ts';
import type { HttpDependencies, HttpEnvironment } from './environment.ts';
import { gateRefusals } from './gate/gate-refusals.ts';
import { gateRoutes } from './gate/gate-routes.ts';
import { publicRoutes } from './gate/public-routes.ts';
import { logged } from './middleware/access-log.ts';
import { cors } from './middleware/cors.ts';
import { HttpRefusal } from './middleware/http-refusal.ts';
import { measured } from './middleware/measured.ts';
import { noSuchRoute } from './middleware/no-such-route.ts';
import { requestContext } from './middleware/request-context.ts';
import { mailPages } from './pages/mail-pages.ts';
import { problemPages } from './pages/problem-pages.ts';
import { walletPage } from './pages/wallet-page.ts';
import { devMailboxRoutes } from './system/dev-mailbox-routes.ts';
import { docsRoutes } from './system/docs-routes.ts';
import { healthRoutes } from './system/health-routes.ts';
import { jwksRoutes } from './system/jwks-routes.ts';
import { metricsRoutes } from './system/metrics-routes.ts';
import { openApiDocument } from './system/openapi-document.ts';
import { refusals } from './v1/refusals.ts';
import { v1Routes } from './v1/v1-routes.ts';

/** Both APIs and the pages around them. */
export function createHttpApp(deps: HttpDependencies): Hono<HttpEnvironment> {
  const app = new Hono<HttpEnvironment>();
  const establish = requestContext(deps);
  const errorHandlers = { gate: gateRefusals(deps), v1: refusals(deps) } as const;
  const whyNot = noSuchRoute(app);
  const refuse = (error: Error, c: Context<HttpEnvironment>) => {
    if (c.get('requestId') === undefined) establish(c);
    deps.metrics?.refused(codeOf(error));
    return errorHandlers[dialectOf(c.req.path)](error, c);
  };
  const notThere = (c: Context<HttpEnvironment>) => refuse(whyNot(c), c);
  app.onError(refuse);
  app.notFound(notThere);

  if (deps.metrics !== undefined || deps.tracing !== undefined) app.use(measured(deps));
  if (deps.corsOrigins.length > 0) app.use(cors(deps.corsOrigins));
  app.route('/', jwksRoutes(deps));
  app.use(logged(deps, establish));

  const gate = gateRoutes(deps);
  const pub = publicRoutes(deps);
  const v1 = v1Routes(deps);
  app.route('/api/v1', pub);
  app.route('/api/v1', gate);
  // What is not there under the Gate is nothing of the v1 API either.
  app.all('/api/v1/gate/*', notThere);
  app.all('/api/v1/pub/*', notThere);
  app.route('/api/v1', v1);
  app.route('/v1', v1);

  app.route('/', healthRoutes(deps));
  app.route('/', metricsRoutes(deps));
  app.route('/', docsRoutes(openApiDocument(deps, [gate, pub, v1])));
  app.route('/', devMailboxRoutes(deps));
  app.get('/', (c) => c.redirect('/docs'));
  app.route('/', problemPages());
  app.route('/', mailPages());
  app.route('/', walletPage(deps));
  return app;
}

function codeOf(error: Error): string {
  return error instanceof IamError || error instanceof HttpRefusal ? error.code : 'internal-error';
}
