import { digestBits } from '../../domain/kernel/digest-bits.ts';
import type { ProjectId } from '../../domain/project/project.ts';
import type { EmailAddress } from '../../domain/user/email-address.ts';
import type { PasswordHash } from '../../domain/user/user.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AccountDirectory, PasswordForms } from '../../ports/directories/account-directory.ts';
import type { PasswordHasher } from '../../ports/password-hasher.ts';
import type { SecretIssuer } from '../../ports/secret-issuer.ts';

const MAX_AGE_MS = 15 * 60 * 1000;
const MAX_PROJECTS = 10_000;
const BITS = 30;

interface Known {
  readonly asOf: number;
  readonly forms: readonly PasswordForms[];
}

/**
 * What a password is checked against where nobody has the address. Accounts that came from elsewhere cost what their
 * hashes cost until the first sign-in; so unknown addresses cost the same as accounts do, form by form in the same
 * shares, each address always the same (ASVS 6.3.8). Which one it is follows from a keyed digest of the address; it
 * changes where the shares do, as it does for people who sign in.
 */
export class StandIns {
  readonly #directory: AccountDirectory;
  readonly #hasher: PasswordHasher;
  readonly #secretIssuer: SecretIssuer;
  readonly #clock: Clock;
  readonly #known = new Map<ProjectId, Known>();

  constructor(deps: {
    readonly accountDirectory: AccountDirectory;
    readonly passwordHasher: PasswordHasher;
    readonly secretIssuer: SecretIssuer;
    readonly clock: Clock;
  }) {
    this.#directory = deps.accountDirectory;
    this.#hasher = deps.passwordHasher;
    this.#secretIssuer = deps.secretIssuer;
    this.#clock = deps.clock;
  }

  /**
   * A hash that costs what somebody's does; `null` for one of today's. Nobody waits for the count of the forms, which is
   * some minutes old, and missing for a moment after a start. MUST be asked for known addresses as for unknown ones.
   */
  of(projectId: ProjectId, email: EmailAddress): PasswordHash | null {
    const forms = this.#formsOf(projectId);
    const accounts = forms.reduce((sum, form) => sum + form.accounts, 0);
    const [digest = ''] = this.#secretIssuer.digests('stand-in', `${projectId} ${email}`);
    let place = (Number.parseInt(digestBits(digest, BITS), 2) / 2 ** BITS) * accounts;
    for (const form of forms) {
      place -= form.accounts;
      if (place < 0) return form.example;
    }
    return null;
  }

  #formsOf(projectId: ProjectId): readonly PasswordForms[] {
    const now = this.#clock.now().getTime();
    const known = this.#known.get(projectId);
    if (known === undefined || now - known.asOf >= MAX_AGE_MS) this.#lookAgain(projectId, known?.forms ?? [], now);
    return known?.forms ?? [];
  }

  #lookAgain(projectId: ProjectId, before: readonly PasswordForms[], asOf: number): void {
    this.#keep(projectId, { asOf, forms: before });
    this.#directory.passwordForms(projectId).then(
      (forms) => this.#keep(projectId, { asOf, forms: forms.map((form) => this.#checkable(form)) }),
      // Whoever signs in hears of it where it matters.
      () => {},
    );
  }

  #checkable(form: PasswordForms): PasswordForms {
    return { ...form, example: form.example && (this.#hasher.imported(form.example) ?? null) };
  }

  #keep(projectId: ProjectId, known: Known): void {
    this.#known.delete(projectId);
    this.#known.set(projectId, known);
    if (this.#known.size <= MAX_PROJECTS) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
