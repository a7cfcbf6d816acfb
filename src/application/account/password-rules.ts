import type { ProjectState } from '../../domain/project/project.ts';
import { assertPasswordLength, assertPasswordStrength } from '../../domain/user/password-policy.ts';
import type { UserState } from '../../domain/user/user.ts';
import type { PasswordLists } from '../../ports/password-lists.ts';

type Person = Pick<UserState, 'email' | 'firstName' | 'lastName'>;

/** Whether a password may be chosen here, by this person. */
export class PasswordRules {
  readonly #lists: PasswordLists;

  constructor(deps: { readonly passwordLists: PasswordLists }) {
    this.#lists = deps.passwordLists;
  }

  /**
   * `field`: the name of the input, for the error. `words`: further names that belong to the place.
   * @throws IamError `validation-error`, `weak-password`, `unavailable` when breaches cannot be looked up
   */
  async assertAcceptable(
    password: string,
    choice: {
      readonly project: Pick<ProjectState, 'name' | 'settings'>;
      readonly person: Person;
      readonly field: string;
      readonly words?: readonly (string | undefined)[];
    },
  ): Promise<void> {
    const { project, person } = choice;
    const policy = project.settings.passwordPolicy;
    assertPasswordLength(password, policy, choice.field);
    const listing = await this.#lists.look(password, { breaches: policy.breachCheck === 'block' });
    assertPasswordStrength(
      password,
      {
        email: person.email,
        names: [person.firstName, person.lastName, project.name, project.settings.issuerName, ...(choice.words ?? [])],
      },
      { common: policy.blockCommon && listing.common, breached: listing.breached },
    );
  }
}
