import { invalidField } from '../../domain/errors.ts';
import type { WebhookSender } from '../../ports/webhook-sender.ts';

/** @throws IamError `validation-error` for an address that nothing can be delivered to */
export function assertReachable(url: string, sender: WebhookSender): void {
  const message = sender.faultOf(url);
  if (message === undefined) return;
  throw invalidField('url', message, 'NOT_ALLOWED');
}
