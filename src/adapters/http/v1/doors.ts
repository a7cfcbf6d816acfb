import type { Context, MiddlewareHandler } from 'hono';
import type { UserActor, Visitor } from '../../../application/actor.ts';
import { IamError } from '../../../domain/errors.ts';
import type { ProjectState } from '../../../domain/project/project.ts';
import type { RateLimitCategory } from '../../../domain/project/project-settings.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { bearerToken } from '../middleware/bearer-token.ts';
import { assertAdmitted } from '../middleware/network-rules.ts';
import { countCategory, countRequest } from '../middleware/rate-limits.ts';
import { requestHeader } from '../middleware/request-header.ts';

type HttpContext = Context<HttpEnvironment>;
type Door = MiddlewareHandler<HttpEnvironment>;

/** What stands before a route: whose project it is, whether that admits the client, and how often. */
export interface Doors {
  /** For anybody: leaves `visitor`. */
  visitor(category: RateLimitCategory): Door;
  /** For somebody signed in: leaves `actor`. */
  actor(category: RateLimitCategory): Door;
}

const PER_PERSON = { limit: 1000, windowSeconds: 60 };

export function doors(deps: HttpDependencies): Doors {
  const { findProject } = deps.iam.projects;

  function door(category: RateLimitCategory, identify: (c: HttpContext) => Promise<ProjectState>): Door {
    return async (c, next) => {
      try {
        c.set('project', await identify(c));
      } catch (refusal) {
        // Trying out tokens and projects is counted as well, where every client has a counter.
        c.set('project', await findProject.execute(undefined));
        await countCategory(c, deps, category, 'v1');
        throw refusal;
      }
      assertAdmitted(c.get('project').settings, c.get('origin'), c.req.path);
      await countCategory(c, deps, category, 'v1');
      await countPerson(c);
      await next();
    };
  }

  async function countPerson(c: HttpContext): Promise<void> {
    const actor: UserActor | undefined = c.get('actor');
    if (actor === undefined) return;
    const key = `${actor.projectId}:user:${actor.userId}`;
    await countRequest(c, deps, { name: 'user', key, limit: PER_PERSON, dialect: 'v1' });
  }

  async function visit(c: HttpContext): Promise<ProjectState> {
    const project = await served(requestHeader(c, 'x-project-id'));
    const visitor: Visitor = { projectId: project.id, dialect: 'v1', origin: c.get('origin') };
    c.set('visitor', visitor);
    return project;
  }

  async function authenticate(c: HttpContext): Promise<ProjectState> {
    const token = bearerToken(c);
    const key = requestHeader(c, 'x-api-key');
    if (token === undefined && key !== undefined) throw await refusalOfKey(c, key);
    const actor: UserActor = await deps.iam.authentication.authenticate.execute({
      token,
      dialect: 'v1',
      origin: c.get('origin'),
    });
    c.set('actor', actor);
    return served(actor.projectId);
  }

  /** @throws IamError `not-found` for a project that does not serve this API */
  async function served(projectId: string | undefined): Promise<ProjectState> {
    const project = await findProject.execute(projectId);
    if (!project.platform && !project.settings.v1Enabled) throw new IamError('not-found');
    return project;
  }

  /** No route here is open to keys: a live one is told so, and one that administers users is not accepted here. */
  async function refusalOfKey(c: HttpContext, key: string): Promise<IamError> {
    const projectId = requestHeader(c, 'x-project-id') ?? (await findProject.execute(undefined)).id;
    const permissions = await deps.iam.projects.authenticateApiKey.execute({ projectId, key }).then(
      ({ apiKey }) => apiKey.permissions,
      (error: unknown) => {
        if (error instanceof IamError && error.code === 'invalid-api-key') return undefined;
        throw error;
      },
    );
    return permissions === undefined || permissions.includes('manage')
      ? new IamError('token-invalid')
      : new IamError('forbidden', {});
  }

  return { visitor: (category) => door(category, visit), actor: (category) => door(category, authenticate) };
}
