import { describeUnitOfWorkContract } from '../contracts/unit-of-work.contract.ts';
import { memorySubject } from './subject.ts';

describeUnitOfWorkContract('memory', memorySubject);
