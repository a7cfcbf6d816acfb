import { describeScopeIsolationContract } from '../contracts/scope-isolation.contract.ts';
import { memorySubject } from './subject.ts';

describeScopeIsolationContract('memory', memorySubject);
