import { describeUserDirectoryContract } from '../contracts/user-directory.contract.ts';
import { memorySubject } from './subject.ts';

describeUserDirectoryContract('memory', memorySubject);
