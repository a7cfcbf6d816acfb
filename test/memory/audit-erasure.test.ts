import { describeAuditErasureContract } from '../contracts/audit-erasure.contract.ts';
import { memorySubject } from './subject.ts';

describeAuditErasureContract('memory', memorySubject);
