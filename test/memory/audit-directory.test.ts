import { describeAuditDirectoryContract } from '../contracts/audit-directory.contract.ts';
import { memorySubject } from './subject.ts';

describeAuditDirectoryContract('memory', memorySubject);
