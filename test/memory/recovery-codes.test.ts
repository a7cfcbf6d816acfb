import { describeRecoveryCodesContract } from '../contracts/recovery-codes.contract.ts';
import { memorySubject } from './subject.ts';

describeRecoveryCodesContract('memory', memorySubject);
