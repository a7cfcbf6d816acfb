import type { Iam } from '../../application/iam.ts';
import type { OutboxMessage } from '../../ports/outbox-feed.ts';
import type { Watching } from './watching.ts';

/** What follows from an event; with a span of its own where somebody follows. */
export function watchedReaction(
  { reactions }: Pick<Iam, 'reactions'>,
  { tracing }: Pick<Watching, 'tracing'>,
): (message: OutboxMessage) => Promise<void> {
  if (tracing === undefined) return (message) => reactions.react.execute(message);
  return (message) => {
    const { id, event } = message;
    const attributes = { 'messaging.message.id': id, 'messaging.operation.type': 'process' };
    return tracing.background(`outbox ${event.type}`, attributes, () => reactions.react.execute(message));
  };
}
