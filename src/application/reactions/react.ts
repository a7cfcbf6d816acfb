import type { IamEvent, IamEventType } from '../../domain/events.ts';
import type { OutboxMessage } from '../../ports/outbox-feed.ts';
import type { AccountMails } from './account-mails.ts';

type EventOf<Type extends IamEventType> = Extract<IamEvent, { readonly type: Type }>;
type Reaction<Type extends IamEventType> = (mails: AccountMails, event: EventOf<Type>) => Promise<void>;
type Reactions = { readonly [Type in IamEventType]?: Reaction<Type> };

/** What follows from what. */
const REACTIONS = {
  'user-registered': (mails, event) => mails.welcome(event),
  'email-verification-requested': (mails, event) => mails.verification(event),
  'password-reset-requested': (mails, event) => mails.passwordReset(event),
  'email-change-requested': (mails, event) => mails.emailChange(event),
  'email-changed': (mails, event) => mails.emailChanged(event),
  'password-changed': (mails, event) => mails.passwordChanged(event),
  'password-reset': (mails, event) => mails.passwordChanged(event),
  'mfa-setup-started': (mails, event) => mails.mfaSetupStarted(event),
  'mfa-enabled': (mails, event) => mails.mfaEnabled(event),
  'mfa-disabled': (mails, event) => mails.mfaDisabled(event),
  'refresh-token-reused': (mails, event) => mails.sessionStolen(event),
  'sign-in-attempts-mounting': (mails, event) => mails.signInAttempts(event),
} as const satisfies Reactions;

/** Whether anything follows from an event of this type. */
export function isActedOn(type: IamEventType): boolean {
  return type in REACTIONS;
}

/** What follows from an event once it is committed. May run more than once for one event. */
export class React {
  readonly #mails: AccountMails;

  constructor(deps: { readonly accountMails: AccountMails }) {
    this.#mails = deps.accountMails;
  }

  async execute({ event }: OutboxMessage): Promise<void> {
    const reactions: Reactions = REACTIONS;
    const react = reactions[event.type] as Reaction<IamEventType> | undefined;
    await react?.(this.#mails, event);
  }
}
