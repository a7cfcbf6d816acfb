import { describePermissionModulesContract } from '../contracts/permission-modules.contract.ts';
import { memorySubject } from './subject.ts';

describePermissionModulesContract('memory', memorySubject);
