import { IamError } from '../../domain/errors.ts';

/** What an adapter keeps while somebody is away. What another kind of provider has written is none. */
export class Memo<Kept> {
  readonly #type: string;
  constructor(type: string) {
    this.#type = type;
  }

  write(kept: Kept): string {
    return JSON.stringify({ type: this.#type, kept });
  }

  /** @throws IamError `token-invalid` */
  read(memo: string): Kept {
    const { type, kept } = JSON.parse(memo);
    if (type !== this.#type) throw new IamError('token-invalid');
    return kept;
  }
}
