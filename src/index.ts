/** What an embedder imports. No npm package is reachable from here. */
export {
  HERE,
  OPERATOR,
  type Operator,
  type Origin,
  operatorIn,
  type TenantOperator,
  type UserActor,
  type Visitor,
} from './application/actor.ts';
export { type AuditVerdict, verifyAudit } from './application/audit/verify-audit.ts';
export { createIam, type Iam } from './application/iam.ts';
export { defaultPolicy, type Policy } from './application/policy.ts';
export type { ProviderOutcome } from './application/providers/answer-provider.ts';
export { projectOfState } from './application/providers/project-of-state.ts';
export { parseProviderId } from './application/providers/provider-input.ts';
export { attested } from './domain/audit/attestation.ts';
export type { AuditLine } from './domain/audit/audit-lines.ts';
export { AuditRecordId } from './domain/audit/audit-record.ts';
export { IamError, type IamErrorCode, type IamErrorDetails, type Violation } from './domain/errors.ts';
export type { Dialect, IamEvent, IamEventType } from './domain/events.ts';
export { ApiKeyId } from './domain/project/api-key.ts';
export type { AuthProviderView, ProviderId } from './domain/project/auth-provider.ts';
export { ProjectId } from './domain/project/project.ts';
export type { ProjectSettings, ProjectSettingsPatch } from './domain/project/project-settings.ts';
export { RoleId } from './domain/role/role.ts';
export { SessionId } from './domain/session/refresh-token.ts';
export { TenantId } from './domain/tenant/tenant.ts';
export { UserId } from './domain/user/user.ts';
export { EventId, type PublishedEvent } from './domain/webhook/public-event.ts';
export { WebhookId, type WebhookView } from './domain/webhook/webhook-endpoint.ts';
export type { CheckpointReader } from './ports/audit-checkpoints.ts';
export type {
  ExternalIdentity,
  ProviderAdapter,
  ProviderAdapters,
  ProviderAnswer,
  ProviderConfiguration,
  ProviderStart,
  Wallet,
} from './ports/auth-provider.ts';
export type { Observer } from './ports/observer.ts';
export type { Ports } from './ports/ports.ts';
export type { WebhookAnswer, WebhookAttempt, WebhookSender } from './ports/webhook-sender.ts';
