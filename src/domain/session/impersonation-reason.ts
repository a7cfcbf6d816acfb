/** `security_investigation`, `support_request`, … */
export const IMPERSONATION_REASON = /^[a-z0-9]+(?:[_-][a-z0-9]+)*$/;
export const MAX_IMPERSONATION_REASON_LENGTH = 64;
