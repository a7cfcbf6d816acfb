import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Deadline } from '../../src/adapters/redis/deadline.ts';
import { RedisProcess } from '../support/redis/process.ts';
import { describeWithRedisProcesses } from '../support/redis-servers.ts';
import { aConnectedReplica } from './replica.ts';

const never = () => new Promise<never>(() => {});

describe('a deadline', () => {
  const impatient = (longestSilenceMs = 60_000) => new Deadline({ answerMs: 10, longestSilenceMs });
  /** Overdue, and to be answered or refused at will. */
  async function overdue(deadline: Deadline) {
    let end = { answer: () => {}, refuse: () => {} };
    const asked = deadline.within(
      () =>
        new Promise<void>((resolve, reject) => {
          end = { answer: resolve, refuse: () => reject(new Error('gone')) };
        }),
    );
    await expect(asked).rejects.toThrow('no answer within 10 ms');
    return end;
  }
  const refusal = (deadline: Deadline) => deadline.within(async () => undefined).catch((error: Error) => error.message);

  it('lets answers and refusals through', async () => {
    const deadline = new Deadline();
    expect(await deadline.within(async () => 7)).toBe(7);
    await expect(deadline.within(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('turns everybody away without asking while an answer is overdue', async () => {
    const deadline = impatient();
    await overdue(deadline);
    let asked = false;

    await expect(
      deadline.within(async () => {
        asked = true;
      }),
    ).rejects.toThrow('an earlier answer is overdue');
    expect(asked).toBe(false);
  });

  it.each(['answer', 'refuse'] as const)('lets ask again when it is there at last: %s', async (end) => {
    const deadline = impatient();
    (await overdue(deadline))[end]();

    await expect.poll(() => refusal(deadline)).toBeUndefined();
  });

  it('takes no other answer for the one that is overdue', async () => {
    const deadline = impatient();
    let answerLate = () => {};
    const late = deadline.within(
      () =>
        new Promise<void>((resolve) => {
          answerLate = resolve;
        }),
    );
    const inTime = deadline.within(async () => 'here');
    expect(await inTime).toBe('here');
    await expect(late).rejects.toThrow('no answer');
    expect(await refusal(deadline)).toBe('an earlier answer is overdue');
    answerLate();
  });

  it('lets ask again after a while, should it never come', async () => {
    const deadline = impatient(20);
    await expect(deadline.within(never)).rejects.toThrow('no answer');

    await expect.poll(() => refusal(deadline), { interval: 5 }).toBeUndefined();
  });
});

describeWithRedisProcesses('a connection that nobody answers on', () => {
  it('is given up, however much is asked for meanwhile', { timeout: 20_000 }, async () => {
    await using server = await RedisProcess.start();
    let muted = false;
    const given: net.Socket[] = [];
    const between = net.createServer((client) => {
      given.push(client);
      const behind = net.connect(server.port, '127.0.0.1');
      client.on('data', (data) => muted || behind.write(data));
      behind.on('data', (data) => muted || client.write(data));
      client.on('error', () => {}).on('close', () => behind.destroy());
      behind.on('error', () => {}).on('close', () => client.destroy());
    });
    await once(between.listen(0, '127.0.0.1'), 'listening');
    const replica = await aConnectedReplica([`redis://127.0.0.1:${(between.address() as AddressInfo).port}`]);

    muted = true;
    const established = [...given];
    const asking = async () => {
      await replica.rateLimiter.hit(crypto.randomUUID(), { limit: 5, windowSeconds: 60 });
      await replica.sessionWatch.announce({ all: true });
      return established.map(({ closed }) => closed);
    };
    await expect.poll(asking, { timeout: 8_000, interval: 5 }).toEqual(established.map(() => true));

    await replica.close();
    between.close();
  });
});
