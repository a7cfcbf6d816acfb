import type { Server } from './bench.ts';
import { type Exchange, warmUp } from './load.ts';
import { loginRequests, refreshRequest, type World } from './world.ts';

/** As many sessions as asked for, each used by one refresh at a time: the successor is known when it is next needed. */
export async function openSessions(
  { port }: Server,
  world: World,
  count: number,
): Promise<(session: number) => Exchange> {
  const next = loginRequests(world);
  const requests: string[] = [];
  const successor = (body: string) => refreshRequest(world, JSON.parse(body).refresh_token);
  for (let session = 0; session < count; session += 1) {
    await warmUp(port, { connections: 1, requests: 1 }, () => ({
      request: next(),
      answered: (body) => requests.push(successor(body)),
    }));
  }
  return (session) => ({
    request: requests[session] ?? '',
    answered: (body) => {
      requests[session] = successor(body);
    },
  });
}
