import { randomBytes, randomInt } from 'node:crypto';
import type { Bench, Figure, Measurement } from './bench.ts';
import { Connection, requestText } from './connection.ts';
import { crowd, type Member } from './crowd.ts';
import { warmUp } from './load.ts';
import { everythingTold } from './outbox.ts';
import { areaUnderCurve, median } from './statistics.ts';
import { PASSWORD } from './world.ts';

const CONNECTIONS = 16;
const PAIRS = 300;
const PAIRS_TO_WARM_UP = 60;

/** What a stranger asks about an address, and the one answer there is. An address is asked about once. */
const QUESTIONS = {
  login: { path: '/api/v1/auth/login', more: { password: 'a wrong word, in any case' }, answer: '401' },
  recovery: { path: '/api/v1/auth/recovery', more: { recoveryCode: 'AAAA-BBBB-CCCC' }, answer: '401' },
  'request-reset': { path: '/api/v1/auth/request-reset', more: {}, answer: '202' },
} as const;

type Question = (typeof QUESTIONS)[keyof typeof QUESTIONS];

/** Whether anybody has an address is not to be told from how long an answer takes (ASVS 6.3.8). */
export const timing: Measurement = {
  goals: ['timing'],
  async run(bench: Bench): Promise<readonly Figure[]> {
    const count = PAIRS_TO_WARM_UP + PAIRS;
    const known = await crowd(bench, addresses(count));
    await signIn(bench, known);
    const pairs = addresses(count).map((unknown, turn) => ({ known: known[turn]?.email ?? '', unknown }));
    const figures: Figure[] = [];
    for (const [name, question] of Object.entries(QUESTIONS)) {
      await everythingTold(bench.databaseUrl);
      await ask(bench, question, pairs.slice(0, PAIRS_TO_WARM_UP));
      figures.push(figure(name, await ask(bench, question, pairs.slice(PAIRS_TO_WARM_UP))));
    }
    return figures;
  },
};

interface Pair {
  readonly known: string;
  readonly unknown: string;
}

/** Milliseconds of every answer, one question at a time over one connection. */
interface Answers {
  readonly known: number[];
  readonly unknown: number[];
}

/** Of one length and one kind. */
function addresses(count: number): readonly string[] {
  return Array.from({ length: count }, () => `${randomBytes(8).toString('hex')}@example.com`);
}

/** Each from a home of their own, as people do before a stranger asks about them. */
async function signIn({ service, world }: Bench, people: readonly Member[]): Promise<void> {
  let turn = 0;
  await warmUp(service.port, { connections: CONNECTIONS, requests: people.length }, () => {
    const email = people[turn]?.email;
    const home = `10.100.${turn >> 8}.${turn & 255}`;
    turn += 1;
    const headers = { 'X-API-Key': world.apiKey, 'X-Client-Address': home };
    const path = `/api/v1/gate/${world.projectId}/auth/login`;
    return { request: requestText({ method: 'POST', path, headers, json: { email, password: PASSWORD } }) };
  });
}

async function ask({ service, world }: Bench, question: Question, pairs: readonly Pair[]): Promise<Answers> {
  const connection = await Connection.open(service.port);
  const headers = { 'X-Project-Id': world.projectId };
  const timed = async (email: string) => {
    const request = requestText({ method: 'POST', path: question.path, headers, json: { email, ...question.more } });
    const sentAt = performance.now();
    await connection.send(request, question.answer);
    return performance.now() - sentAt;
  };
  const answers: Answers = { known: [], unknown: [] };
  try {
    for (const pair of pairs) {
      // Whatever the one leaves behind for the other must not tell which was which.
      const order = randomInt(2) === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
      for (const side of order) answers[side].push(await timed(pair[side]));
    }
  } finally {
    connection.close();
  }
  return answers;
}

function figure(name: string, { known, unknown }: Answers): Figure {
  const area = areaUnderCurve(known, unknown);
  return {
    goal: 'timing',
    what: `${name}: known against unknown address, area under the ROC curve off ½`,
    value: Math.abs(area - 0.5),
    unit: '',
    direction: 'at most',
    must: 0.1,
    aim: 0.05,
    beside: { AUC: area, 'known p50 ms': median(known), 'unknown p50 ms': median(unknown), pairs: known.length },
  };
}
