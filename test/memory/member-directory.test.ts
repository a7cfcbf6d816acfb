import { describeMemberDirectoryContract } from '../contracts/member-directory.contract.ts';
import { memorySubject } from './subject.ts';

describeMemberDirectoryContract('memory', memorySubject);
