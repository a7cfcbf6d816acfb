import type { IamEvent, IamEventType } from '../../domain/events.ts';
import type { OutboxMessage } from '../../ports/outbox-feed.ts';
import type { AccountMails } from './account-mails.ts';

type EventOf<Type extends IamEventType> = Extract<IamEvent, { readonly type: Type }>;
type Reactions = { readonly [Type in IamEventType]?: (event: EventOf<Type>) => Promise<void> };

/** What follows from an event once it is committed. May run more than once for one event. */
export class React {
  readonly #reactions: Reactions;

  constructor(deps: { readonly accountMails: AccountMails }) {
    const mails = deps.accountMails;
    this.#reactions = {
      'user-registered': (event) => mails.welcome(event),
      'email-verification-requested': (event) => mails.verification(event),
      'password-reset-requested': (event) => mails.passwordReset(event),
      'email-change-requested': (event) => mails.emailChange(event),
      'email-changed': (event) => mails.emailChanged(event),
      'password-changed': (event) => mails.passwordChanged(event),
      'password-reset': (event) => mails.passwordChanged(event),
      'refresh-token-reused': (event) => mails.sessionStolen(event),
      'sign-in-attempts-mounting': (event) => mails.signInAttempts(event),
    };
  }

  async execute({ event }: OutboxMessage): Promise<void> {
    const reaction = this.#reactions[event.type] as ((event: IamEvent) => Promise<void>) | undefined;
    await reaction?.(event);
  }
}
