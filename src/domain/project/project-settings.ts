import { IamError, type Violation } from '../errors.ts';
import { OWNER_SLUG } from '../role/role.ts';

export type SigningAlgorithm = 'RS256' | 'ES256' | 'Ed25519';

/** At most `limit` requests in `windowSeconds`. */
export interface RateLimit {
  readonly limit: number;
  readonly windowSeconds: number;
}

export type RateLimitCategory = 'login' | 'register' | 'passwordReset' | 'general';

export interface FirewallRule {
  readonly action: 'deny';
  /** Prefix of the normalised request path. */
  readonly path?: string;
  /** Part of the `User-Agent` header, in any case. */
  readonly userAgent?: string;
}

/** The most that `accessTokenTtlSeconds` may be, and so how long any signed token may have to verify. */
export const LONGEST_ACCESS_TOKEN_SECONDS = 86_400;

export interface ProjectSettings {
  readonly v1Enabled: boolean;
  readonly selfServiceTenants: boolean;
  readonly registrationEnabled: boolean;
  readonly emailVerificationRequired: boolean;
  readonly totpEnabled: boolean;
  readonly signInEnabled: boolean;
  readonly userLimit: number | null;
  readonly accessTokenTtlSeconds: number;
  readonly refreshIdleTtlSeconds: number;
  readonly refreshAbsoluteTtlSeconds: number;
  readonly refreshGraceSeconds: number;
  readonly signingAlgorithm: SigningAlgorithm;
  readonly issuerName: string;
  /** Slug of the role that a person gets in the root tenant; never the owner's, which moves by transfer alone. */
  readonly defaultRole: string;
  readonly passwordPolicy: {
    readonly minLength: number;
    readonly blockCommon: boolean;
    readonly breachCheck: 'off' | 'block';
  };
  readonly rateLimits: Readonly<Record<RateLimitCategory, RateLimit>>;
  /** CIDRs or addresses. `deny` wins; a non-empty `allow` admits nothing else. */
  readonly ipRules: { readonly allow: readonly string[]; readonly deny: readonly string[] };
  readonly firewallRules: readonly FirewallRule[];
}

/** A partial change, as deep as the settings are; lists are replaced as a whole. */
export type ProjectSettingsPatch = {
  readonly [Key in keyof ProjectSettings]?: ProjectSettings[Key] extends
    | readonly unknown[]
    | string
    | number
    | boolean
    | null
    ? ProjectSettings[Key]
    : { readonly [Inner in keyof ProjectSettings[Key]]?: InnerPatch<ProjectSettings[Key][Inner]> };
};
type InnerPatch<T> = T extends readonly unknown[] ? T : T extends object ? { readonly [K in keyof T]?: T[K] } : T;

export const defaultProjectSettings: ProjectSettings = {
  v1Enabled: false,
  selfServiceTenants: false,
  registrationEnabled: true,
  emailVerificationRequired: true,
  totpEnabled: true,
  signInEnabled: true,
  userLimit: null,
  accessTokenTtlSeconds: 900,
  refreshIdleTtlSeconds: 604_800,
  refreshAbsoluteTtlSeconds: 2_592_000,
  refreshGraceSeconds: 0,
  signingAlgorithm: 'RS256',
  issuerName: 'Castellan',
  defaultRole: 'user',
  passwordPolicy: { minLength: 8, blockCommon: true, breachCheck: 'off' },
  rateLimits: {
    login: { limit: 10, windowSeconds: 60 },
    register: { limit: 5, windowSeconds: 60 },
    passwordReset: { limit: 5, windowSeconds: 60 },
    general: { limit: 30, windowSeconds: 1 },
  },
  ipRules: { allow: [], deny: [] },
  firewallRules: [],
};

/** Where the platform project differs: it serves the v1 API. */
export const platformProjectSettings: ProjectSettings = {
  ...defaultProjectSettings,
  v1Enabled: true,
  selfServiceTenants: true,
  emailVerificationRequired: false,
  refreshGraceSeconds: 10,
  passwordPolicy: { ...defaultProjectSettings.passwordPolicy, minLength: 12 },
};

/**
 * Merges deeply and checks the ranges.
 * @throws IamError `validation-error` naming every field that is out of range, and a default role that is the owner's
 */
export function changedSettings(current: ProjectSettings, patch: ProjectSettingsPatch): ProjectSettings {
  const merged = mergeDeep(current, patch) as ProjectSettings;
  const violations = [...rangeViolations(merged), ...roleViolations(merged)];
  if (violations.length > 0) throw new IamError('validation-error', { violations });
  return merged;
}

function mergeDeep(current: object, patch: object): object {
  const merged: Record<string, unknown> = { ...current };
  for (const key of Object.keys(current)) {
    const next = (patch as Record<string, unknown>)[key];
    if (next === undefined) continue;
    const before = merged[key];
    merged[key] = isRecord(before) && isRecord(next) ? mergeDeep(before, next) : next;
  }
  return merged;
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const RANGES: readonly (readonly [
  field: string,
  read: (s: ProjectSettings) => number | null,
  min: number,
  max: number,
])[] = [
  ['settings.userLimit', (s) => s.userLimit, 0, 1_000_000_000],
  ['settings.accessTokenTtlSeconds', (s) => s.accessTokenTtlSeconds, 30, LONGEST_ACCESS_TOKEN_SECONDS],
  ['settings.refreshIdleTtlSeconds', (s) => s.refreshIdleTtlSeconds, 60, 31_536_000],
  ['settings.refreshAbsoluteTtlSeconds', (s) => s.refreshAbsoluteTtlSeconds, 60, 31_536_000],
  ['settings.refreshGraceSeconds', (s) => s.refreshGraceSeconds, 0, 60],
  ['settings.passwordPolicy.minLength', (s) => s.passwordPolicy.minLength, 8, 128],
  ...(['login', 'register', 'passwordReset', 'general'] as const).flatMap(
    (category) =>
      [
        [`settings.rateLimits.${category}.limit`, (s: ProjectSettings) => s.rateLimits[category].limit, 1, 1_000_000],
        [
          `settings.rateLimits.${category}.windowSeconds`,
          (s: ProjectSettings) => s.rateLimits[category].windowSeconds,
          1,
          86_400,
        ],
      ] as const,
  ),
];

function rangeViolations(settings: ProjectSettings): Violation[] {
  return RANGES.flatMap(([field, read, min, max]): Violation[] => {
    const value = read(settings);
    if (value === null) return [];
    if (!Number.isInteger(value)) return [{ field, message: 'must be a whole number', code: 'INVALID_TYPE' }];
    if (value >= min && value <= max) return [];
    return [{ field, message: `must be from ${min} to ${max}`, code: value < min ? 'TOO_SMALL' : 'TOO_BIG' }];
  });
}

function roleViolations({ defaultRole }: ProjectSettings): Violation[] {
  if (defaultRole !== OWNER_SLUG) return [];
  return [{ field: 'settings.defaultRole', message: 'must not be the owner', code: 'NOT_ALLOWED' }];
}
