import { describeAuthorizationRequestsContract } from '../contracts/authorization-requests.contract.ts';
import { memorySubject } from './subject.ts';

describeAuthorizationRequestsContract('memory', memorySubject);
