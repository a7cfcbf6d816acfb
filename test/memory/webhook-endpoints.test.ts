import { describeWebhookEndpointsContract } from '../contracts/webhook-endpoints.contract.ts';
import { memorySubject } from './subject.ts';

describeWebhookEndpointsContract('memory', memorySubject);
