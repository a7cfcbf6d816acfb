import type { Iam } from '../../src/application/iam.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { OutboxFeed } from '../../src/ports/outbox-feed.ts';

/** Does what follows from every event so far, and what follows from that. */
export async function relayAll(iam: Iam, feed: OutboxFeed, clock: Clock): Promise<void> {
  for (;;) {
    const messages = await feed.claim(100, 60, clock.now());
    if (messages.length === 0) return;
    for (const message of messages) await iam.reactions.react.execute(message);
    await feed.done(messages.map(({ id }) => id));
  }
}
