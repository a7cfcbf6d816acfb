import { describeIdempotencyStoreContract } from '../contracts/idempotency-store.contract.ts';
import { memorySubject } from './subject.ts';

describeIdempotencyStoreContract('memory', memorySubject);
