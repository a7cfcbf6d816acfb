import type { Ask, Balancer } from './balancer.ts';

/** What is answered to somebody who gets what they ask for. @throws Error for any other status */
export async function asked(balancer: Balancer, ask: Ask, status: number) {
  const answer = await balancer.ask(ask);
  if (answer.status !== status) throw new Error(`${ask.method} ${ask.path}: ${answer.status} ${answer.body}`);
  return answer.body === '' ? undefined : JSON.parse(answer.body);
}
