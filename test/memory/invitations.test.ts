import { describeInvitationsContract } from '../contracts/invitations.contract.ts';
import { memorySubject } from './subject.ts';

describeInvitationsContract('memory', memorySubject);
