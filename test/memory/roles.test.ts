import { describeRolesContract } from '../contracts/roles.contract.ts';
import { memorySubject } from './subject.ts';

describeRolesContract('memory', memorySubject);
