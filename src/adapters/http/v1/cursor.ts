import { createHmac, timingSafeEqual } from 'node:crypto';
import { IamError } from '../../../domain/errors.ts';
import type { IdentifierDoor } from '../../../domain/kernel/identifier.ts';

const MAC_BYTES = 16;

/** Makes and reads the cursors of one list: opaque outside, useless in any other list or project. */
export class CursorCodec<Id extends string> {
  readonly #key: Uint8Array;
  readonly #list: string;
  readonly #door: IdentifierDoor<Id>;

  /** `list` names the list and everything that it depends on, such as the project. */
  constructor(key: Uint8Array, list: string, door: IdentifierDoor<Id>) {
    this.#key = key;
    this.#list = list;
    this.#door = door;
  }

  after(id: Id): string {
    return Buffer.concat([this.#mac(id), Buffer.from(id)]).toString('base64url');
  }

  /** @throws IamError `invalid-cursor` for anything that this list has not made */
  read(cursor: string): Id {
    const bytes = Buffer.from(cursor, 'base64url');
    const id = this.#door.parse(bytes.subarray(MAC_BYTES).toString());
    // Base64url decoding forgives; whatever does not encode back to itself was changed.
    if (
      id === undefined ||
      !timingSafeEqual(bytes.subarray(0, MAC_BYTES), this.#mac(id)) ||
      this.after(id) !== cursor
    ) {
      throw new IamError('invalid-cursor');
    }
    return id;
  }

  #mac(id: Id): Buffer {
    return createHmac('sha256', this.#key).update(`cursor\n${this.#list}\n${id}`).digest().subarray(0, MAC_BYTES);
  }
}
