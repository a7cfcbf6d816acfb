import { createHmac, timingSafeEqual } from 'node:crypto';
import { IamError } from '../../../domain/errors.ts';
import type { IdentifierDoor } from '../../../domain/kernel/identifier.ts';
import type { HttpKey } from '../environment.ts';

const MAC_BYTES = 16;

/** Makes and reads the cursors of one list: opaque outside, useless in any other list or project. */
export class CursorCodec<Id extends string> {
  readonly #keys: HttpKey;
  readonly #list: string;
  readonly #door: IdentifierDoor<Id>;

  /** `list` names the list and everything that it depends on, such as the project. */
  constructor(keys: HttpKey, list: string, door: IdentifierDoor<Id>) {
    this.#keys = keys;
    this.#list = list;
    this.#door = door;
  }

  after(id: Id): string {
    return cursorOf(this.#mac(id, this.#keys[0]), id);
  }

  /** @throws IamError `invalid-cursor` for anything that this list has not made */
  read(cursor: string): Id {
    const bytes = Buffer.from(cursor, 'base64url');
    const id = this.#door.parse(bytes.subarray(MAC_BYTES).toString());
    if (id === undefined) throw new IamError('invalid-cursor');
    const isMadeWith = (key: Uint8Array) => {
      const mac = this.#mac(id, key);
      // Base64url decoding forgives; whatever does not encode back to itself was changed.
      return timingSafeEqual(bytes.subarray(0, MAC_BYTES), mac) && cursorOf(mac, id) === cursor;
    };
    if (!this.#keys.map(isMadeWith).includes(true)) throw new IamError('invalid-cursor');
    return id;
  }

  #mac(id: Id, key: Uint8Array): Buffer {
    return createHmac('sha256', key).update(`cursor\n${this.#list}\n${id}`).digest().subarray(0, MAC_BYTES);
  }
}

function cursorOf(mac: Buffer, id: string): string {
  return Buffer.concat([mac, Buffer.from(id)]).toString('base64url');
}
