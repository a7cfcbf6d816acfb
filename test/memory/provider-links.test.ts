import { describeProviderLinksContract } from '../contracts/provider-links.contract.ts';
import { memorySubject } from './subject.ts';

describeProviderLinksContract('memory', memorySubject);
