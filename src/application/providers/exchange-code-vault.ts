import { IamError } from '../../domain/errors.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { SecretDigest } from '../../domain/session/secret-digest.ts';
import {
  SignInChallenge,
  type SignInChallengeId,
  type SignInChallengeState,
} from '../../domain/session/sign-in-challenge.ts';
import type { UserState } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Repositories } from '../../ports/unit-of-work.ts';
import { PROVIDER_METHODS } from '../mfa/methods.ts';
import { presentProvider } from './present-provider.ts';
import type { Vouched } from './provider-entrance.ts';

const PREFIX = 'xc_';

type ExchangeCodesDeps = Pick<Ports, 'secretIssuer' | 'idGenerator'>;

/** What travels through the browser instead of tokens: worth nothing without the verifier that it was made for. */
export class ExchangeCodeVault {
  readonly #deps: ExchangeCodesDeps;
  constructor(deps: ExchangeCodesDeps) {
    this.#deps = deps;
  }

  /** Part of a commit. `verifierDigest`: whose hands it is for. */
  issue(
    { signInChallenges }: Repositories,
    { projectId, id: userId, sessionEpoch: epoch }: UserState,
    {
      verifierDigest,
      ...vouched
    }: Pick<SignInChallengeState, 'providerId' | 'pendingIdentity'> & { readonly verifierDigest: SecretDigest },
    now: Date,
  ): string {
    const { secret: code, digest } = this.#deps.secretIssuer.token(contextOf(verifierDigest), PREFIX);
    const id = this.#deps.idGenerator.next<SignInChallengeId>();
    const proof = { amr: PROVIDER_METHODS, authenticatedAt: now, ...vouched } as const;
    signInChallenges.save(
      SignInChallenge.open({ id, projectId, userId, kind: 'exchange-code', digest, epoch, ...proof }, now),
    );
    return code;
  }

  /** Part of a commit. @throws IamError `token-invalid`, `token-expired`, `not-found` once the provider is switched off */
  async find(
    repositories: Repositories,
    projectId: ProjectId,
    code: string,
    verifierDigests: readonly SecretDigest[],
    now: Date,
  ): Promise<{ readonly challenge: SignInChallenge; readonly user: UserState; readonly vouched: Vouched }> {
    const digests = verifierDigests.flatMap((digest) => this.#deps.secretIssuer.digests(contextOf(digest), code));
    const { signInChallenges, users } = repositories;
    const challenge = await signInChallenges.byDigest(projectId, 'exchange-code', digests);
    const user = challenge && (await users.byId(projectId, challenge.toState().userId));
    if (challenge === undefined || user === undefined) throw new IamError('token-invalid');
    const { providerId, pendingIdentity, authenticatedAt: since } = challenge.toState();
    if (providerId === null) throw new IamError('token-invalid');
    challenge.assertUsable(user.toState().sessionEpoch, now);
    await presentProvider(repositories, { projectId, providerId, since });
    return { challenge, user: user.toState(), vouched: { providerId, pendingIdentity } };
  }
}

function contextOf(verifierDigest: SecretDigest): string {
  return `exchange-code ${verifierDigest}`;
}
