import { describeWebhookDeliveriesContract } from '../contracts/webhook-deliveries.contract.ts';
import { memorySubject } from './subject.ts';

describeWebhookDeliveriesContract('memory', memorySubject);
