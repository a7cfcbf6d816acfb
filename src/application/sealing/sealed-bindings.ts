import type { ProviderId } from '../../domain/project/auth-provider.ts';
import type { KeyId } from '../../domain/project/signing-key.ts';
import { signingKeyBinding } from '../../domain/project/signing-key-binding.ts';
import type { UserId } from '../../domain/user/user.ts';
import { type WebhookId, webhookBinding } from '../../domain/webhook/webhook-endpoint.ts';
import type { SealedKind, SecretPlace } from '../../ports/sealed-secrets.ts';
import { totpBinding } from '../mfa/totp-binding.ts';
import { providerBinding } from '../providers/provider-configuration.ts';

const ofWebhook = ({ projectId, id }: SecretPlace) => webhookBinding({ projectId, id: id as WebhookId });
const ofFactor = ({ projectId, id }: SecretPlace) => totpBinding(projectId, id as UserId);

/** What a secret of each kind is bound to where it lies. */
export const SEALED_BINDINGS = {
  'signing-key': ({ projectId, id }) => signingKeyBinding(projectId, id as KeyId),
  'provider-secret': ({ projectId, id }) => providerBinding({ projectId, id: id as ProviderId }),
  'totp-secret': ofFactor,
  'pending-totp-secret': ofFactor,
  'webhook-secret': ofWebhook,
  'previous-webhook-secret': ofWebhook,
} as const satisfies Record<SealedKind, (place: SecretPlace) => string>;
