import { describeAttemptLadderContract } from '../contracts/attempt-ladder.contract.ts';
import { memorySubject } from './subject.ts';

describeAttemptLadderContract('memory', memorySubject);
