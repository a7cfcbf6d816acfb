import { describeRepositoriesContract } from '../contracts/repositories.contract.ts';
import { memorySubject } from './subject.ts';

describeRepositoriesContract('memory', memorySubject);
