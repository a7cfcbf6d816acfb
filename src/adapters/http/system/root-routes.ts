import { Hono } from 'hono';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { jwksAnswer } from '../middleware/jwks-answer.ts';

/** What stands at the root: the way to the documentation, and the platform project's keys. */
export function rootRoutes({ iam }: Pick<HttpDependencies, 'iam'>): Hono<HttpEnvironment> {
  return new Hono<HttpEnvironment>()
    .get('/', (c) => c.redirect('/docs'))
    .get('/.well-known/jwks.json', async (c) => {
      const platform = await iam.projects.findProject.execute(undefined);
      return jwksAnswer(c, await iam.projects.readJwks.execute(platform.id));
    });
}
