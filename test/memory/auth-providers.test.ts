import { describeAuthProvidersContract } from '../contracts/auth-providers.contract.ts';
import { memorySubject } from './subject.ts';

describeAuthProvidersContract('memory', memorySubject);
