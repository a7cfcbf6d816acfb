import type { UserRecord } from '../../application/users/user-record.ts';
import { harmless } from '../http/middleware/body.ts';
import { validated } from '../http/middleware/validated.ts';
import { ImportedUser } from '../http/v1/imported-user.ts';
import { CreateApiKeyInput, CreateProjectInput } from '../http/v1/project-contract.ts';
import { ConfigureProviderInput } from '../http/v1/provider-configuration-contract.ts';

/** What the v1 API would make of a new project. @throws IamError `validation-error` */
export function projectInput(input: unknown) {
  return validated(CreateProjectInput, input);
}

/** What the v1 API would make of a new API key. @throws IamError `validation-error` */
export function apiKeyInput(input: unknown) {
  const { expiresAt, ...key } = validated(CreateApiKeyInput, input);
  return { ...key, ...(expiresAt ? { expiresAt: new Date(expiresAt) } : {}) };
}

/** What the v1 API would make of a new provider. @throws IamError `validation-error` */
export function providerInput(input: unknown) {
  return validated(ConfigureProviderInput, input);
}

/** Who is on a line of a file, by the same measures. @throws IamError `validation-error` */
export function userRecord(input: unknown): UserRecord {
  return validated(ImportedUser, harmless(input));
}
