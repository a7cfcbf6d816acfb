import { setTimeout as pause } from 'node:timers/promises';
import type { Ask, Balancer } from './balancer.ts';

const COME_BACK_MS = 200;

/**
 * What is answered to somebody who gets what they ask for. Whoever is told that there are too many comes back: nothing
 * has been done yet. @throws Error for any other status
 */
export async function asked(balancer: Balancer, ask: Ask, status: number) {
  for (;;) {
    const { status: answered, body } = await balancer.ask(ask);
    if (answered === status) return body === '' ? undefined : JSON.parse(body);
    if (answered !== 503 || !/overloaded/i.test(body))
      throw new Error(`${ask.method} ${ask.path}: ${answered} ${body}`);
    await pause(COME_BACK_MS);
  }
}
