import { describeOwnershipTransfersContract } from '../contracts/ownership-transfers.contract.ts';
import { memorySubject } from './subject.ts';

describeOwnershipTransfersContract('memory', memorySubject);
