import type { Section } from './requirement.ts';
import { AUTHORIZATION } from './requirements/authorization.ts';
import { FEDERATION } from './requirements/federation.ts';
import { HTTP } from './requirements/http.ts';
import { MAILED_SECRETS } from './requirements/mailed-secrets.ts';
import { OPERATIONS } from './requirements/operations.ts';
import { PASSWORDS } from './requirements/passwords.ts';
import { POLICY } from './requirements/policy.ts';
import { SECOND_FACTOR } from './requirements/second-factor.ts';
import { SESSIONS } from './requirements/sessions.ts';
import { TOKENS } from './requirements/tokens.ts';

export const SECTIONS: readonly Section[] = [
  POLICY,
  PASSWORDS,
  SECOND_FACTOR,
  MAILED_SECRETS,
  SESSIONS,
  TOKENS,
  FEDERATION,
  AUTHORIZATION,
  HTTP,
  OPERATIONS,
];
