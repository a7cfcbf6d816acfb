import { describeMembershipsContract } from '../contracts/memberships.contract.ts';
import { memorySubject } from './subject.ts';

describeMembershipsContract('memory', memorySubject);
