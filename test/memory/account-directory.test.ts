import { describeAccountDirectoryContract } from '../contracts/account-directory.contract.ts';
import { memorySubject } from './subject.ts';

describeAccountDirectoryContract('memory', memorySubject);
