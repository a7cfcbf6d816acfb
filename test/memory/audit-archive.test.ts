import { describeAuditArchiveContract } from '../contracts/audit-archive.contract.ts';
import { memorySubject } from './subject.ts';

describeAuditArchiveContract('memory', memorySubject);
