import { ApiKeyId } from '../../domain/project/api-key.ts';
import { identifier } from '../http/v1/identifier.ts';
import {
  presentApiKey,
  presentCreatedApiKey,
  presentProject,
  presentSigningKey,
  presentUser,
} from '../http/v1/presenters.ts';

/** What things look like in the v1 API, for hosts without HTTP. */
export const v1 = {
  presentApiKey,
  presentCreatedApiKey,
  presentProject,
  presentSigningKey,
  presentUser,
  /** @throws IamError `not-found` for what is no id */
  apiKeyId: (raw: string): ApiKeyId => identifier(ApiKeyId, raw),
} as const;
