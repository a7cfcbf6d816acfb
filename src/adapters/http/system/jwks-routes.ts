import { type Context, Hono } from 'hono';
import { IamError } from '../../../domain/errors.ts';
import { ProjectId } from '../../../domain/project/project.ts';
import { JWKS_MAX_AGE_SECONDS } from '../../../domain/project/signing-key.ts';
import type { Jwks } from '../../../ports/token-signer.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { setAnswerHeader } from '../middleware/answer-header.ts';
import { giveReadyMade, type ReadyMade, readyMade } from '../middleware/ready-made.ts';
import { requestIdOf } from '../middleware/request-context.ts';

/**
 * The public keys of a project, and the platform's at the root. Asked for by everybody who verifies a token, the same
 * for all, and cacheable: so there is no guard here, nothing to know of the request but its id, and no line in the log.
 */
export function jwksRoutes({ iam }: Pick<HttpDependencies, 'iam'>): Hono<HttpEnvironment> {
  const { findProject, readJwks } = iam.projects;
  return new Hono<HttpEnvironment>()
    .get('/api/v1/pub/:project_id/.well-known/jwks.json', async (c) => {
      const projectId = ProjectId.parse(c.req.param('project_id'));
      if (projectId === undefined) throw new IamError('not-found');
      return answer(c, await readJwks.execute(projectId));
    })
    .get('/.well-known/jwks.json', async (c) => {
      const platform = await findProject.execute(undefined);
      return answer(c, await readJwks.execute(platform.id));
    });
}

const made = new WeakMap<Jwks, ReadyMade>();

/** Made into text once for as long as the keys are the same. */
function answer(c: Context<HttpEnvironment>, jwks: Jwks): Response {
  let text = made.get(jwks);
  if (text === undefined) {
    text = readyMade({
      body: JSON.stringify(jwks),
      contentType: 'application/json',
      cacheControl: `public, max-age=${JWKS_MAX_AGE_SECONDS}`,
    });
    made.set(jwks, text);
  }
  setAnswerHeader(c, 'X-Request-Id', requestIdOf(c));
  setAnswerHeader(c, 'X-Content-Type-Options', 'nosniff');
  setAnswerHeader(c, 'Referrer-Policy', 'no-referrer');
  return giveReadyMade(c, text);
}
