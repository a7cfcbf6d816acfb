import { IamError } from '../../domain/errors.ts';
import { SignInChallenge, type SignInChallengeId } from '../../domain/session/sign-in-challenge.ts';
import { hasSamePassword } from '../../domain/user/account-standing.ts';
import type { PasswordHash } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import { PASSWORD_METHODS } from '../mfa/methods.ts';
import { bringHash } from './bring-hash.ts';
import type { RightPassword } from './password-check.ts';
import type { SignIn } from './sign-in.ts';

const PREFIX = 'lt_';

type LoginTicketsDeps = Pick<Ports, 'unitOfWork' | 'secretIssuer' | 'idGenerator' | 'clock'>;

/** What the Gate hands out between password and code. Whatever ends all sessions burns it too. */
export class LoginTickets {
  readonly #deps: LoginTicketsDeps;
  constructor(deps: LoginTicketsDeps) {
    this.#deps = deps;
  }

  /**
   * `upgraded`: the hash that the account is to have from now on, for the same password.
   * @throws IamError `invalid-credentials` when the password was changed meanwhile
   */
  async issue(
    visitor: Visitor,
    { user: checked, attempt }: RightPassword,
    upgraded: PasswordHash | undefined,
  ): Promise<SignIn> {
    const { unitOfWork, secretIssuer, idGenerator, clock } = this.#deps;
    const { secret: ticket, digest } = secretIssuer.token(contextOf(visitor), PREFIX);
    return unitOfWork.run(async ({ users, signInChallenges, attempts, audit, requireUnchanged }) => {
      const now = clock.now();
      const user = await users.byId(checked.projectId, checked.id);
      if (user === undefined || !hasSamePassword(user.toState(), checked)) throw new IamError('invalid-credentials');
      const { id: userId, projectId, sessionEpoch: epoch, lastLoginMethod } = user.toState();
      const proof = { amr: PASSWORD_METHODS, authenticatedAt: now };
      const id = idGenerator.next<SignInChallengeId>();
      signInChallenges.save(
        SignInChallenge.open(
          {
            id,
            projectId,
            userId,
            kind: 'login-ticket',
            digest,
            epoch,
            ...proof,
            providerId: null,
            pendingIdentity: null,
          },
          now,
        ),
      );
      if (bringHash(user, checked, upgraded)) users.save(user);
      else requireUnchanged(user);
      attempt.givenBack(attempts);
      const what = { action: 'auth.mfa.required', entityType: 'user', entityId: userId } as const;
      audit.record(audited(visitor, { ...what, userId, actorId: userId }, now));
      return { kind: 'second-factor', ticket, lastLoginMethod } as const;
    });
  }

  /** What a ticket is stored under. */
  digests(visitor: Visitor, ticket: string): ReturnType<Ports['secretIssuer']['digests']> {
    return this.#deps.secretIssuer.digests(contextOf(visitor), ticket);
  }
}

/** A ticket is nothing to the other dialect. */
function contextOf({ dialect }: Visitor): string {
  return `login-ticket ${dialect}`;
}
