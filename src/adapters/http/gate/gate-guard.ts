import type { MiddlewareHandler } from 'hono';
import type { RateLimitCategory } from '../../../domain/project/project-settings.ts';
import type { HttpDependencies, HttpEnvironment } from '../environment.ts';
import { assertAdmitted } from '../middleware/network-rules.ts';
import { countCategory } from '../middleware/rate-limits.ts';
import { underHardCap } from './hard-cap.ts';
import { enterProject } from './project-access.ts';

/** API key, client address, IP and firewall rules, rate limit: in this order, before any work on the body. */
export function publicGuard(deps: HttpDependencies, category: RateLimitCategory): MiddlewareHandler<HttpEnvironment> {
  return async (c, next) => {
    await enterProject(c, deps);
    assertAdmitted(c.get('project').settings, c.get('origin'), c.req.path);
    await countCategory(c, deps, category, 'gate');
    await next();
  };
}

/** As on the Public API, under the hard cap. */
export function gateGuard(deps: HttpDependencies, category: RateLimitCategory): MiddlewareHandler<HttpEnvironment> {
  return async (c, next) => {
    await underHardCap(c, deps, () => enterProject(c, deps));
    assertAdmitted(c.get('project').settings, c.get('origin'), c.req.path);
    await countCategory(c, deps, category, 'gate');
    await next();
  };
}
