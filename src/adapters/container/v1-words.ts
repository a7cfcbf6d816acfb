import { ApiKeyId } from '../../domain/project/api-key.ts';
import type { ProviderId } from '../../domain/project/auth-provider.ts';
import { identifier, nameInPath } from '../http/v1/identifier.ts';
import {
  presentApiKey,
  presentCreatedApiKey,
  presentProject,
  presentSigningKey,
  presentUser,
} from '../http/v1/presenters.ts';
import { presentProvider } from '../http/v1/provider-presenters.ts';

/** What things look like in the v1 API, for hosts without HTTP. */
export const v1 = {
  presentApiKey,
  presentCreatedApiKey,
  presentProject,
  presentProvider,
  presentSigningKey,
  presentUser,
  /** @throws IamError `not-found` for what is no slug */
  providerId: (raw: string): ProviderId => nameInPath(raw) as ProviderId,
  /** @throws IamError `not-found` for what is no id */
  apiKeyId: (raw: string): ApiKeyId => identifier(ApiKeyId, raw),
} as const;
