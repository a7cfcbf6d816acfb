import { describeOutboxFeedContract } from '../contracts/outbox-feed.contract.ts';
import { memorySubject } from './subject.ts';

describeOutboxFeedContract('memory', memorySubject);
