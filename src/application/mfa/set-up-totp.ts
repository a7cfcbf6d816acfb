import { IamError } from '../../domain/errors.ts';
import type { ProjectState } from '../../domain/project/project.ts';
import { RECOVERY_CODES_TOTAL } from '../../domain/recovery/recovery-codes.ts';
import { isUnproven, lacksProof } from '../../domain/user/account-standing.ts';
import { TotpFactor } from '../../domain/user/totp-factor.ts';
import type { UserState } from '../../domain/user/user.ts';
import type { Ports } from '../../ports/ports.ts';
import type { UserActor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { OwnPassword } from '../authentication/own-password.ts';
import { presentSession } from '../authentication/own-session.ts';
import type { StepUp } from '../authentication/step-up.ts';
import type { KnownProjects } from '../projects/known-projects.ts';
import { totpBinding } from './totp-binding.ts';

export interface TotpSetUp {
  /** Base32. Shown this once. */
  readonly secret: string;
  /** For a QR code. */
  readonly uri: string;
  /** v1 only: they become the valid ones when the set-up is confirmed. */
  readonly recoveryCodes: readonly string[];
}

type SetUpTotpDeps = Pick<
  Ports,
  'unitOfWork' | 'userDirectory' | 'totpAuthenticator' | 'secretBox' | 'recoveryCodeIssuer' | 'clock'
> & {
  readonly knownProjects: KnownProjects;
  readonly ownPassword: OwnPassword;
  readonly stepUp: StepUp;
};

/** How long a set-up over the Gate waits for its first code. */
const GATE_SECONDS = 300;

/** Makes a secret for an authenticator app. It counts once a code of it was shown; until then a new one replaces it. */
export class SetUpTotp {
  readonly #deps: SetUpTotpDeps;
  constructor(deps: SetUpTotpDeps) {
    this.#deps = deps;
  }

  /**
   * Takes a recent authentication, or over the Gate the password.
   * @throws IamError `forbidden` where the project has it off, `mfa-already-enabled`, `email-not-verified`,
   * `reauthentication-required`, `invalid-credentials`, `rate-limited`
   */
  async execute(actor: UserActor, input: { readonly password?: string | undefined }): Promise<TotpSetUp> {
    const { unitOfWork, userDirectory, totpAuthenticator, secretBox, recoveryCodeIssuer, knownProjects, clock } =
      this.#deps;
    const project = await knownProjects.byId(actor.projectId);
    if (!project.settings.totpEnabled) throw new IamError('forbidden', {});
    const user = await userDirectory.byId(actor.projectId, actor.userId);
    if (user === undefined) throw new IamError('token-invalid');
    if (user.totpEnabledAt !== null) throw new IamError('mfa-already-enabled');
    assertMayEnrol(actor, user, project);
    await this.#assertRecent(actor, input.password);

    const secret = totpAuthenticator.newSecret();
    const pendingSecret = secretBox.seal(secret, totpBinding(actor.projectId, actor.userId));
    const recovery = actor.dialect === 'v1' ? await recoveryCodeIssuer.issue(user.id, RECOVERY_CODES_TOTAL) : undefined;
    await unitOfWork.run(async ({ totpFactors, refreshTokens, audit }) => {
      const now = clock.now();
      await presentSession(refreshTokens, actor);
      const factor = (await totpFactors.ofUser(actor.projectId, actor.userId)) ?? TotpFactor.none(actor);
      const pendingExpiresAt = actor.dialect === 'gate' ? new Date(now.getTime() + GATE_SECONDS * 1000) : null;
      factor.begin({ pendingSecret, pendingExpiresAt, pendingRecoveryCodes: recovery?.stored ?? [] }, now);
      totpFactors.save(factor);
      audit.record(audited(actor, { action: 'auth.mfa.setup-started', entityType: 'user', entityId: user.id }, now));
    });
    const account = user.email ?? user.id;
    const uri = totpAuthenticator.uri({ issuer: project.settings.issuerName, account, secret });
    return { secret, uri, recoveryCodes: recovery?.codes ?? [] };
  }

  async #assertRecent(actor: UserActor, password: string | undefined): Promise<void> {
    if (password === undefined) await this.#deps.stepUp.assert(actor);
    else await this.#deps.ownPassword.assert(actor, password, 'password');
  }
}

/** Over v1 an unproven account enrols no factor; over the Gate the project says whether an address is to be proven. */
function assertMayEnrol({ dialect }: UserActor, user: UserState, { settings }: ProjectState): void {
  const unproven = dialect === 'v1' ? isUnproven(user) : lacksProof(user, settings);
  if (unproven) throw new IamError('email-not-verified');
}
