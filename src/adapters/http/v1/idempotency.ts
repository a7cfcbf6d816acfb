import { createHmac } from 'node:crypto';
import type { Context } from 'hono';
import type { KeyActor, UserActor } from '../../../application/actor.ts';
import { IamError } from '../../../domain/errors.ts';
import type { IdempotencyClaim, StoredAnswer } from '../../../ports/idempotency-store.ts';
import type { HttpDependencies, HttpEnvironment, HttpKey } from '../environment.ts';
import { logFailure } from '../middleware/failure-log.ts';
import { requestHeader } from '../middleware/request-header.ts';

type HttpContext = Context<HttpEnvironment>;
type IdempotencyDependencies = Pick<HttpDependencies, 'idempotencyStore' | 'clock' | 'httpKey' | 'logger'>;

interface Creation {
  /** What the caller sent, as parsed. */
  readonly body: unknown;
  /** Whether the answer holds a secret or a token: then it is never stored. */
  readonly secret: boolean;
  /** Asked again before anything is said of an earlier request; absent on public routes. @throws IamError */
  readonly authorise?: () => void;
}

/** Runs `create` at most once for an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header). */
export type CreateOnce = (c: HttpContext, creation: Creation, create: () => Promise<Response>) => Promise<Response>;

/** Only an answer that says "created" settles a key; after a refusal or a failure it is free again. */
export function createOnce(deps: IdempotencyDependencies): CreateOnce {
  const { idempotencyStore, clock, httpKey } = deps;

  return async (c, creation, create) => {
    const key = presentedKey(c);
    if (key === undefined) return create();
    const [identity, ...others] = identities(c, creation.body, httpKey);
    const { scope } = identity;
    let claim = await idempotencyStore.claim(scope, key, identity.fingerprint, clock.now());
    for (const other of others) {
      // The same request, perhaps, of which another process has taken the fingerprint.
      if (claim.kind !== 'reused' || other.scope !== scope) break;
      claim = await idempotencyStore.claim(scope, key, other.fingerprint, clock.now());
    }
    if (claim.kind !== 'new') return repetition(claim, creation);

    // What was done is done and what was refused is refused, whether or not that can be noted.
    const noted = (note: Promise<void>) =>
      note.catch((error: unknown) => logFailure(c, deps, error instanceof Error ? error : new Error(String(error))));
    const answer = await create().catch(async (refusal: unknown) => {
      await noted(idempotencyStore.release(scope, key));
      throw refusal;
    });
    const kept = creation.secret ? undefined : await stored(answer);
    await noted(idempotencyStore.settle(scope, key, kept, clock.now()));
    return answer;
  };
}

const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
const BARE = /^[\x21\x23-\x7e]+$/;
const MAX_KEY_LENGTH = 255;

/** A structured-field string (RFC 9651 §3.3.3), or the same without quotes. @throws IamError `validation-error` */
function presentedKey(c: HttpContext): string | undefined {
  const header = requestHeader(c, 'idempotency-key')?.trim();
  if (header === undefined) return undefined;
  const quoted = QUOTED.exec(header)?.[1]?.replace(/\\(["\\])/g, '$1');
  const key = quoted ?? (BARE.test(header) ? header : '');
  if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
    throw new IamError('validation-error', {
      violations: [
        {
          field: 'Idempotency-Key',
          message: `must be 1 to ${MAX_KEY_LENGTH} printable ASCII characters`,
          code: key.length > MAX_KEY_LENGTH ? 'TOO_LONG' : 'INVALID_FORMAT',
        },
      ],
    });
  }
  return key;
}

const MOUNT = /^(?:\/api)?\/v1(?=\/)/;

interface Identity {
  readonly scope: string;
  readonly fingerprint: string;
}

/** As every key has it: the present one first. */
function identities(c: HttpContext, body: unknown, [present, ...others]: HttpKey): readonly [Identity, ...Identity[]] {
  return [identify(c, body, present), ...others.map((key) => identify(c, body, key))];
}

/** Strangers share no keys: who is not known is told apart by request and address alone. */
function identify(c: HttpContext, body: unknown, httpKey: Uint8Array): Identity {
  const keyedHash = (...parts: readonly unknown[]) =>
    createHmac('sha256', httpKey)
      .update(JSON.stringify(['idempotency', ...parts]))
      .digest('base64url');
  const actor: UserActor | KeyActor | undefined = c.get('administrator') ?? c.get('actor');
  const caller = actor === undefined ? keyedHash(body, c.get('origin').address) : nameOf(actor);
  const route = `${c.req.method} ${c.req.path.replace(MOUNT, '')}`;
  return { scope: `${c.get('project').id}:${caller}:${route}`, fingerprint: keyedHash(body) };
}

/** Somebody in one tenant is told nothing of what they did in another; nor is whoever acts in their place. */
function nameOf(actor: UserActor | KeyActor): string {
  if ('apiKeyId' in actor) return actor.apiKeyId;
  const { tenantId, userId, impersonatorId } = actor;
  return [tenantId, userId, ...(impersonatorId === null ? [] : [impersonatorId])].join(':');
}

function repetition(claim: Exclude<IdempotencyClaim, { kind: 'new' }>, creation: Creation): Response {
  if (claim.kind === 'running') throw new IamError('idempotency-in-progress');
  if (claim.kind === 'reused') throw new IamError('idempotency-key-reused');
  creation.authorise?.();
  if (claim.answer === undefined) throw new IamError('already-done');
  const { status, headers, body } = claim.answer;
  return new Response(body, { status, headers: { ...headers } });
}

async function stored(answer: Response): Promise<StoredAnswer> {
  const contentType = answer.headers.get('Content-Type');
  return {
    status: answer.status,
    headers: contentType === null ? {} : { 'Content-Type': contentType },
    body: await answer.clone().text(),
  };
}
