import { describeAttemptBudgetContract } from '../contracts/attempt-budget.contract.ts';
import { memorySubject } from './subject.ts';

describeAttemptBudgetContract('memory', memorySubject);
