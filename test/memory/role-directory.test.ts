import { describeRoleDirectoryContract } from '../contracts/role-directory.contract.ts';
import { memorySubject } from './subject.ts';

describeRoleDirectoryContract('memory', memorySubject);
