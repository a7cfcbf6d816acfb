import { describeAuditRetentionContract } from '../contracts/audit-retention.contract.ts';
import { memorySubject } from './subject.ts';

describeAuditRetentionContract('memory', memorySubject);
