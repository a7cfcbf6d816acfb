import { type Exchange, saturate, warmUp } from '../load.ts';
import { type Town, townRefresh } from './town.ts';

const CONNECTIONS = 16;
const WARM_UP_REQUESTS = 2_000;
/** More than are refreshed in a run, so that most are met for the first time. */
const SESSIONS = 20_000;

/** Refreshes of sessions from all over the town: a second's worth is a rate. */
export async function refresher(town: Town): Promise<(seconds: number) => Promise<number>> {
  const { port } = town.service;
  const next = everySession(town.projectId, await town.sessions(SESSIONS));
  await warmUp(port, { connections: CONNECTIONS, requests: WARM_UP_REQUESTS }, next);
  return async (seconds) => (await saturate(port, { connections: CONNECTIONS, seconds }, next)).perSecond;
}

/** Each connection goes round sessions of its own. */
function everySession(
  projectId: string,
  sessions: readonly { readonly refreshToken: string }[],
): (connection: number) => Exchange {
  const tokens = sessions.map(({ refreshToken }) => refreshToken);
  const turns = Array.from({ length: CONNECTIONS }, (_, connection) => connection);
  return (connection) => {
    const turn = turns[connection] ?? connection;
    turns[connection] = turn + CONNECTIONS < tokens.length ? turn + CONNECTIONS : connection;
    return {
      request: townRefresh(projectId, tokens[turn] ?? ''),
      answered: (body) => {
        tokens[turn] = JSON.parse(body).refreshToken;
      },
    };
  };
}
