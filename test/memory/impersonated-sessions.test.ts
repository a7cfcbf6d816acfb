import { describeImpersonatedSessionsContract } from '../contracts/impersonated-sessions.contract.ts';
import { memorySubject } from './subject.ts';

describeImpersonatedSessionsContract('memory', memorySubject);
