import { describeSingleUseContract } from '../contracts/single-use.contract.ts';
import { memorySubject } from './subject.ts';

describeSingleUseContract('memory', memorySubject);
