import { describeRestoreFenceContract } from '../contracts/restore-fence.contract.ts';
import { memorySubject } from './subject.ts';

describeRestoreFenceContract('memory', memorySubject);
