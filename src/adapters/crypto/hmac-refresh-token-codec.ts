import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { type Generation, SessionId, type SessionNonce } from '../../domain/session/refresh-token.ts';
import type { PresentedRefreshToken, RefreshTokenCodec } from '../../ports/refresh-token-codec.ts';
import { decodeCanonicalBase64url } from './canonical-base64url.ts';
import type { KeyRing } from './key-ring.ts';

const PREFIX = 'rt_';
const ID_BYTES = 16;
const GENERATION_BYTES = 4;
const MAC_BYTES = 32;
const BODY_BYTES = ID_BYTES + GENERATION_BYTES + MAC_BYTES;
const TOKEN_LENGTH = PREFIX.length + Math.ceil((BODY_BYTES * 8) / 6);

/** `rt_` + base64url(session id in 16 bytes ‖ generation in 4, big-endian ‖ MAC in 32): always 73 characters. */
export class HmacRefreshTokenCodec implements RefreshTokenCodec {
  readonly #keyRing: KeyRing;

  constructor(keyRing: KeyRing) {
    this.#keyRing = keyRing;
  }

  encode(sessionId: SessionId, generation: Generation, nonce: SessionNonce): string {
    const head = headOf(sessionId, generation);
    const mac = macOf(this.#keyRing.keys('refresh-token')[0].key, head, nonce);
    return PREFIX + Buffer.concat([head, mac]).toString('base64url');
  }

  parse(raw: string): PresentedRefreshToken | undefined {
    if (raw.length !== TOKEN_LENGTH || !raw.startsWith(PREFIX)) return undefined;
    const body = decodeCanonicalBase64url(raw.slice(PREFIX.length));
    if (body?.length !== BODY_BYTES) return undefined;
    const sessionId = SessionId.parse(
      body.toString('hex', 0, ID_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    );
    if (sessionId === undefined) return undefined;
    return {
      sessionId,
      generation: body.readUInt32BE(ID_BYTES) as Generation,
      mac: body.toString('base64url', ID_BYTES + GENERATION_BYTES),
    };
  }

  isAuthentic(presented: PresentedRefreshToken, nonce: SessionNonce): boolean {
    const mac = decodeCanonicalBase64url(presented.mac);
    if (mac?.length !== MAC_BYTES) return false;
    const head = headOf(presented.sessionId, presented.generation);
    const verdicts = this.#keyRing
      .keys('refresh-token')
      .map(({ key }) => timingSafeEqual(macOf(key, head, nonce), mac));
    return verdicts.includes(true);
  }
}

function headOf(sessionId: SessionId, generation: Generation): Buffer {
  const head = Buffer.alloc(ID_BYTES + GENERATION_BYTES);
  head.write(sessionId.replaceAll('-', ''), 'hex');
  head.writeUInt32BE(generation, ID_BYTES);
  return head;
}

function macOf(key: KeyObject, head: Buffer, nonce: SessionNonce): Buffer {
  return createHmac('sha256', key).update(head).update(nonce, 'base64url').digest();
}
