import type { EventOf, IamEventType } from '../../domain/events.ts';
import type { OutboxMessage } from '../../ports/outbox-feed.ts';
import type { AccountMails } from './account-mails.ts';
import type { InvitationMails } from './invitation-mails.ts';
import type { RecoveryAlarm } from './recovery-alarm.ts';
import type { TransferMails } from './transfer-mails.ts';

type Reaction<Type extends IamEventType> = (to: Reactors, event: EventOf<Type>) => Promise<void>;

interface Reactors {
  readonly accountMails: AccountMails;
  readonly recoveryAlarm: RecoveryAlarm;
  readonly invitationMails: InvitationMails;
  readonly transferMails: TransferMails;
}

type Reactions = { readonly [Type in IamEventType]?: Reaction<Type> };

/** What follows from what. */
const REACTIONS = {
  'user-registered': ({ accountMails }, event) => accountMails.welcome(event),
  'email-verification-requested': ({ accountMails }, event) => accountMails.verification(event),
  'password-reset-requested': ({ accountMails }, event) => accountMails.passwordReset(event),
  'email-change-requested': ({ accountMails }, event) => accountMails.emailChange(event),
  'email-changed': ({ accountMails }, event) => accountMails.emailChanged(event),
  'password-changed': ({ accountMails }, event) => accountMails.passwordChanged(event),
  'password-reset': ({ accountMails }, event) => accountMails.passwordChanged(event),
  'mfa-setup-started': ({ accountMails }, event) => accountMails.mfaSetupStarted(event),
  'mfa-enabled': ({ accountMails }, event) => accountMails.mfaEnabled(event),
  'mfa-disabled': ({ accountMails }, event) => accountMails.mfaDisabled(event),
  'provider-linked': ({ accountMails }, event) => accountMails.providerChanged(event),
  'provider-unlinked': ({ accountMails }, event) => accountMails.providerChanged(event),
  'recovery-codes-regenerated': ({ accountMails }, event) => accountMails.recoveryCodesRegenerated(event),
  'account-recovered': ({ accountMails }, event) => accountMails.accountRecovered(event),
  'recovery-locked': ({ recoveryAlarm }, event) => recoveryAlarm.ring(event),
  'recovery-alarm': ({ recoveryAlarm }, event) => recoveryAlarm.tell(event),
  'invitation-offered': ({ invitationMails }, event) => invitationMails.offered(event),
  'refresh-token-reused': ({ accountMails }, event) => accountMails.sessionStolen(event),
  'sign-in-attempts-mounting': ({ accountMails }, event) => accountMails.signInAttempts(event),
  'transfer-offered': ({ transferMails }, event) => transferMails.tell(event),
  'transfer-accepted': ({ transferMails }, event) => transferMails.tell(event),
  'transfer-cancelled': ({ transferMails }, event) => transferMails.tell(event),
} as const satisfies Reactions;

/** Whether anything follows from an event of this type. */
export function isActedOn(type: IamEventType): boolean {
  return type in REACTIONS;
}

/** What follows from an event once it is committed. May run more than once for one event. */
export class React {
  readonly #reactors: Reactors;

  constructor(reactors: Reactors) {
    this.#reactors = reactors;
  }

  async execute({ event }: OutboxMessage): Promise<void> {
    const reactions: Reactions = REACTIONS;
    const react = reactions[event.type] as Reaction<IamEventType> | undefined;
    await react?.(this.#reactors, event);
  }
}
