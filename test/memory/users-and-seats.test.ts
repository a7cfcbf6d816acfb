import { describeUsersAndSeatsContract } from '../contracts/users-and-seats.contract.ts';
import { memorySubject } from './subject.ts';

describeUsersAndSeatsContract('memory', memorySubject);
