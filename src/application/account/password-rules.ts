import type { ProjectState } from '../../domain/project/project.ts';
import { assertPasswordLength, assertPasswordStrength } from '../../domain/user/password-policy.ts';
import type { UserState } from '../../domain/user/user.ts';
import type { TenantDirectory } from '../../ports/directories/tenant-directory.ts';
import type { PasswordLists } from '../../ports/password-lists.ts';

/** Somebody who is only about to get an account. */
type Newcomer = Pick<UserState, 'email' | 'firstName' | 'lastName'>;

/** Whether a password may be chosen here, by this person. */
export class PasswordRules {
  readonly #lists: PasswordLists;
  readonly #tenants: TenantDirectory;

  constructor(deps: { readonly passwordLists: PasswordLists; readonly tenantDirectory: TenantDirectory }) {
    this.#lists = deps.passwordLists;
    this.#tenants = deps.tenantDirectory;
  }

  /**
   * `field`: the name of the input, for the error. `words`: further names that belong to the place.
   * @throws IamError `validation-error`, `weak-password`, `unavailable` when breaches cannot be looked up
   */
  async assertAcceptable(
    password: string,
    choice: {
      readonly project: Pick<ProjectState, 'name' | 'settings'>;
      readonly person: UserState | Newcomer;
      readonly field: string;
      readonly words?: readonly (string | undefined)[];
    },
  ): Promise<void> {
    const { project, person } = choice;
    const policy = project.settings.passwordPolicy;
    assertPasswordLength(password, policy, choice.field);
    const tenants = 'id' in person ? await this.#tenants.ofUser(person.projectId, person.id) : [];
    const words = [...(choice.words ?? []), ...tenants.map(({ tenant }) => tenant.name)];
    const listing = await this.#lists.look(password, { breaches: policy.breachCheck === 'block' });
    assertPasswordStrength(
      password,
      {
        email: person.email,
        names: [person.firstName, person.lastName, project.name, project.settings.issuerName, ...words],
      },
      { common: policy.blockCommon && listing.common, breached: listing.breached },
    );
  }
}
