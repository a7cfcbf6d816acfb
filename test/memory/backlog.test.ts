import { describeBacklogContract } from '../contracts/backlog.contract.ts';
import { memorySubject } from './subject.ts';

describeBacklogContract('memory', memorySubject);
