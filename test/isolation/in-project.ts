import { anAddress } from '../http/v1-people.ts';
import { PASSWORD, type V1World } from '../http/v1-world.ts';

/** The same installation for people of another project than the platform's. */
export function inProject(world: V1World, projectId: string): V1World {
  const call: V1World['call'] = (method, path, given = {}) =>
    world.call(method, path, { ...given, headers: { 'X-Project-Id': projectId, ...given.headers } });
  const post: V1World['post'] = (path, body, more = {}) => call('POST', path, { ...more, body });
  return {
    ...world,
    call,
    post,
    get: (path, token, more = {}) => call('GET', path, { ...more, token }),
    async person({ email = anAddress() } = {}) {
      const answer = await post('/auth/register', { email, password: PASSWORD });
      return { email, token: answer.body.accessToken, refreshToken: answer.body.refreshToken, answer };
    },
  };
}
