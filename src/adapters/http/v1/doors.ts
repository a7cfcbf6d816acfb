import type { Context, MiddlewareHandler } from 'hono';
import { keyActor, type UserActor } from '../../../application/actor.ts';
import { IamError } from '../../../domain/errors.ts';
import type { ApiKeyView } from '../../../domain/project/api-key.ts';
import type { ProjectState } from '../../../domain/project/project.ts';
import type { RateLimitCategory } from '../../../domain/project/project-settings.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { bearerToken } from '../middleware/bearer-token.ts';
import { assertAdmitted } from '../middleware/network-rules.ts';
import { countCategory, countRequest } from '../middleware/rate-limits.ts';
import { requestHeader } from '../middleware/request-header.ts';

type HttpContext = Context<HttpEnvironment>;
type Door = MiddlewareHandler<HttpEnvironment>;
/** The project that a request names; `undefined`: the platform's. */
type ProjectOf = (c: HttpContext) => string | undefined | Promise<string | undefined>;

/** What stands before a route: whose project it is, whether that admits the client, and how often. */
export interface Doors {
  /** For anybody: leaves `visitor`. `projectOf`: in place of the header, where a browser comes by itself. */
  visitor(category: RateLimitCategory, projectOf?: ProjectOf): Door;
  /** For anybody, signed in or not: leaves `actor` where there is a bearer, else `visitor`. */
  anybody(category: RateLimitCategory): Door;
  /** For somebody signed in: leaves `actor`. */
  actor(category: RateLimitCategory): Door;
  /** For somebody signed in, or a back end with a `manage` key of its project: leaves `administrator`. */
  administrator(category: RateLimitCategory): Door;
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

  async function visit(c: HttpContext, projectOf: ProjectOf = projectInHeader): Promise<ProjectState> {
    const project = await served(await projectOf(c));
    c.set('visitor', { projectId: project.id, dialect: 'v1', origin: c.get('origin') });
    return project;
  }

  async function authenticate(c: HttpContext): Promise<ProjectState> {
    const key = keyInPlaceOfToken(c);
    if (key !== undefined) throw refusalOf(await liveKey(c, key));
    const actor: UserActor = await deps.iam.authentication.authenticate.execute({
      token: bearerToken(c),
      dialect: 'v1',
      origin: c.get('origin'),
    });
    c.set('actor', actor);
    return served(actor.projectId);
  }

  /** A key acts in its own project, whether or not that serves this API to people. */
  async function administer(c: HttpContext): Promise<ProjectState> {
    const key = keyInPlaceOfToken(c);
    if (key === undefined) {
      const project = await authenticate(c);
      c.set('administrator', c.get('actor'));
      return project;
    }
    const live = await liveKey(c, key);
    if (live?.apiKey.permissions.includes('manage') !== true) throw refusalOf(live);
    const { apiKey, project } = live;
    c.set('administrator', keyActor(apiKey.id, project, c.get('origin')));
    return project;
  }

  /** @throws IamError `not-found` for a project that does not serve this API */
  async function served(projectId: string | undefined): Promise<ProjectState> {
    const project = await findProject.execute(projectId);
    if (!project.platform && !project.settings.v1Enabled) throw new IamError('not-found');
    return project;
  }

  async function liveKey(c: HttpContext, key: string): Promise<LiveKey | undefined> {
    const projectId = projectInHeader(c) ?? (await findProject.execute(undefined)).id;
    return deps.iam.projects.authenticateApiKey.execute({ projectId, key }).catch((error: unknown) => {
      if (error instanceof IamError && error.code === 'invalid-api-key') return undefined;
      throw error;
    });
  }

  return {
    visitor: (category, projectOf) => door(category, (c) => visit(c, projectOf)),
    anybody: (category) => door(category, (c) => (bearerToken(c) === undefined ? visit(c) : authenticate(c))),
    actor: (category) => door(category, authenticate),
    administrator: (category) => door(category, administer),
  };
}

export function projectInHeader(c: HttpContext): string | undefined {
  return requestHeader(c, 'x-project-id');
}

interface LiveKey {
  readonly apiKey: ApiKeyView;
  readonly project: ProjectState;
}

function keyInPlaceOfToken(c: HttpContext): string | undefined {
  return bearerToken(c) === undefined ? requestHeader(c, 'x-api-key') : undefined;
}

/** Of a key where it opens nothing: a live one is told so, and one that administers is not accepted here. */
function refusalOf(live: LiveKey | undefined): IamError {
  return live === undefined || live.apiKey.permissions.includes('manage')
    ? new IamError('token-invalid')
    : new IamError('forbidden', {});
}
