import type { Ports } from '../../ports/ports.ts';
import type { Visitor } from '../actor.ts';
import { audited } from '../audit/audited.ts';
import type { EmailParser } from './email-parser.ts';
import type { MailBudget } from './mail-budget.ts';

type RequestMailDeps = Pick<Ports, 'unitOfWork' | 'clock'> & {
  readonly parseEmail: EmailParser;
  readonly mailBudget: MailBudget;
};

const ACTIONS = {
  'password-reset-requested': 'auth.password-reset.requested',
  'email-verification-requested': 'auth.email-verification.requested',
} as const;

/**
 * Somebody without a session asks for a mail to an address. Whether anybody has the address is looked up only when
 * the request is dispatched, so that asking answers and costs the same (Forgot Password Cheat Sheet). Over the mail
 * budget the request is only recorded: no new secret is made, and an older one lives.
 */
export class RequestMail {
  readonly #deps: RequestMailDeps;
  readonly #type: keyof typeof ACTIONS;

  constructor(type: keyof typeof ACTIONS, deps: RequestMailDeps) {
    this.#type = type;
    this.#deps = deps;
  }

  /** @throws IamError `validation-error` for what is no address */
  async execute(visitor: Visitor, input: { readonly email: string }): Promise<void> {
    const { unitOfWork, parseEmail, mailBudget, clock } = this.#deps;
    const { projectId, dialect } = visitor;
    const email = parseEmail(input.email);
    const granted = await mailBudget.take(projectId, email);
    await unitOfWork.run(async ({ audit, events }) => {
      const now = clock.now();
      const what = { entityType: 'user', entityId: null, metadata: { email } } as const;
      audit.record(audited(visitor, { action: ACTIONS[this.#type], ...what }, now));
      if (granted) events.record({ type: this.#type, projectId, email, dialect, occurredAt: now.toISOString() });
    });
  }
}
