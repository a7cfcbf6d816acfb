import { describeHousekeepingContract } from '../contracts/housekeeping.contract.ts';
import { memorySubject } from './subject.ts';

describeHousekeepingContract('memory', memorySubject);
