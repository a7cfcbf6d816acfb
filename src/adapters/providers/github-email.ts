/** What GitHub says of somebody's addresses (`GET /user/emails`). */
export interface GitHubEmail {
  readonly email: unknown;
  /** Only where it is the JSON value `true`. */
  readonly verified: unknown;
}

/** The primary one. The address of a profile is whatever somebody has written there. */
export function primaryEmailOf(answer: unknown): GitHubEmail | undefined {
  if (!Array.isArray(answer)) return undefined;
  const primary = answer.find((entry) => entry?.primary === true);
  return primary && { email: primary.email, verified: primary.verified };
}
