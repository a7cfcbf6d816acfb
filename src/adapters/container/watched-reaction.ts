import type { Iam } from '../../application/iam.ts';
import type { OutboxMessage } from '../../ports/outbox-feed.ts';
import type { Watching } from './watching.ts';

/** What follows from an event, as a piece of work that lines of the log and spans belong to. */
export function watchedReaction(
  { reactions }: Pick<Iam, 'reactions'>,
  { logContext, tracing }: Pick<Watching, 'logContext' | 'tracing'>,
): (message: OutboxMessage) => Promise<void> {
  return (message) => {
    const react = () => reactions.react.execute(message);
    return logContext.run({ messageId: message.id, event: message.event.type }, () =>
      tracing === undefined
        ? react()
        : tracing.background(
            `outbox ${message.event.type}`,
            { 'messaging.message.id': message.id, 'messaging.operation.type': 'process' },
            react,
          ),
    );
  };
}
