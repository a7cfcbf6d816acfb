import { describeTotpFactorsContract } from '../contracts/totp-factors.contract.ts';
import { memorySubject } from './subject.ts';

describeTotpFactorsContract('memory', memorySubject);
