import { describeSealedSecretsContract } from '../contracts/sealed-secrets.contract.ts';
import { memorySubject } from './subject.ts';

describeSealedSecretsContract('memory', memorySubject);
