import { describeDirectoriesContract } from '../contracts/directories.contract.ts';
import { memorySubject } from './subject.ts';

describeDirectoriesContract('memory', memorySubject);
