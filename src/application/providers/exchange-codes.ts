import { IamError } from '../../domain/errors.ts';
import { assertEnabled, type ProviderId } from '../../domain/project/auth-provider.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { SecretDigest } from '../../domain/session/secret-digest.ts';
import { SignInChallenge, type SignInChallengeId } from '../../domain/session/sign-in-challenge.ts';
import type { UserState } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import { PROVIDER_METHODS } from '../mfa/methods.ts';

const PREFIX = 'xc_';

type ExchangeCodesDeps = Pick<Ports, 'secretIssuer' | 'idGenerator'>;

/** What travels through the browser instead of tokens: worth nothing without the verifier that it was made for. */
export class ExchangeCodes {
  readonly #deps: ExchangeCodesDeps;
  constructor(deps: ExchangeCodesDeps) {
    this.#deps = deps;
  }

  /** Part of a commit. `verifierDigest`: whose hands it is for. */
  issue(
    { signInChallenges }: Repositories,
    { projectId, id: userId, sessionEpoch: epoch }: UserState,
    { providerId, verifierDigest }: { readonly providerId: ProviderId; readonly verifierDigest: SecretDigest },
    now: Date,
  ): string {
    const { secret: code, digest } = this.#deps.secretIssuer.token(contextOf(verifierDigest), PREFIX);
    const id = this.#deps.idGenerator.next<SignInChallengeId>();
    const proof = { amr: PROVIDER_METHODS, authenticatedAt: now, providerId } as const;
    signInChallenges.save(
      SignInChallenge.open({ id, projectId, userId, kind: 'exchange-code', digest, epoch, ...proof }, now),
    );
    return code;
  }

  /** Part of a commit. @throws IamError `token-invalid`, `token-expired`, `not-found` once the provider is switched off */
  async find(
    { signInChallenges, users, authProviders }: Repositories,
    projectId: ProjectId,
    code: string,
    verifierDigests: readonly SecretDigest[],
    now: Date,
  ): Promise<{ readonly challenge: SignInChallenge; readonly user: UserState; readonly providerId: ProviderId }> {
    const digests = verifierDigests.flatMap((digest) => this.#deps.secretIssuer.digests(contextOf(digest), code));
    const challenge = await signInChallenges.byDigest(projectId, 'exchange-code', digests);
    const user = challenge && (await users.byId(projectId, challenge.toState().userId));
    const providerId = challenge?.toState().providerId ?? null;
    if (challenge === undefined || user === undefined || providerId === null) throw new IamError('token-invalid');
    challenge.assertUsable(user.toState().sessionEpoch, now);
    assertEnabled((await authProviders.byId(projectId, providerId))?.toState());
    return { challenge, user: user.toState(), providerId };
  }
}

function contextOf(verifierDigest: SecretDigest): string {
  return `exchange-code ${verifierDigest}`;
}
