import { describeEventLogContract } from '../contracts/event-log.contract.ts';
import { memorySubject } from './subject.ts';

describeEventLogContract('memory', memorySubject);
