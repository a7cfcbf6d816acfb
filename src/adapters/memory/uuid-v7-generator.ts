import { uuidv7 } from 'uuidv7';
import type { IdGenerator } from '../../ports/id-generator.ts';

export class UuidV7Generator implements IdGenerator {
  next<Id extends string>(): Id {
    return uuidv7() as Id;
  }
}
