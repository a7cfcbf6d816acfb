import type { SealedSecret } from '../../domain/session/sealed-secret.ts';
import { webhookSecret } from '../../domain/webhook/webhook-secret.ts';
import type { Ports } from '../../ports/ports.ts';

/** Only the random part of what is issued is used: nobody ever presents a signing secret. */
const CONTEXT = 'webhook';

/** Makes signing secrets: shown once, and kept sealed. */
export class NewWebhookSecret {
  readonly #deps: Pick<Ports, 'secretIssuer' | 'secretBox'>;
  constructor(deps: Pick<Ports, 'secretIssuer' | 'secretBox'>) {
    this.#deps = deps;
  }

  for(binding: string): { readonly secret: string; readonly sealed: SealedSecret } {
    const { secretIssuer, secretBox } = this.#deps;
    const secret = webhookSecret(secretIssuer.token(CONTEXT).secret);
    return { secret, sealed: secretBox.seal(secret, binding) };
  }
}
