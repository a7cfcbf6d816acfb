import { IamError } from '../errors.ts';
import type { AuthProviderEvent } from '../events.ts';
import { AggregateRoot } from '../kernel/aggregate-root.ts';
import type { Brand } from '../kernel/brand.ts';
import type { SealedSecret } from '../session/sealed-secret.ts';
import type { ProjectId } from './project.ts';
import { PROVIDER_PRESETS, type ProviderPreset } from './provider-presets.ts';

/** A slug: part of a path, and what `lastLoginMethod` says. */
export type ProviderId = Brand<string, 'ProviderId'>;

/** What comes with Castellan; whoever embeds it may bring others. */
export type ProviderType = 'oidc' | 'oauth2' | 'wallet' | (string & {});

/** Which claims of a userinfo answer say what. Dotted paths. */
export interface ClaimMapping {
  readonly subject?: string;
  readonly email?: string;
  /** Where it is not the JSON value `true`, the address counts as unproven. */
  readonly emailVerified?: string;
  readonly name?: string;
}

/** Where and how a provider is asked. What is left out comes from the preset, or is not needed. */
export interface ProviderEndpoints {
  readonly issuer: string | null;
  readonly authorizeUrl: string | null;
  readonly tokenUrl: string | null;
  readonly userinfoUrl: string | null;
  readonly mapping: ClaimMapping | null;
  /** Empty: those of the preset, or of the type. */
  readonly scopes: readonly string[];
  /** Chains that a wallet may sign in on (EIP-155). */
  readonly chainIds: readonly number[];
}

export interface AuthProviderState extends ProviderEndpoints {
  readonly id: ProviderId;
  readonly projectId: ProjectId;
  readonly type: ProviderType;
  readonly preset: ProviderPreset | null;
  readonly name: string;
  readonly clientId: string | null;
  readonly clientSecret: SealedSecret | null;
  readonly enabled: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What may be changed later. Whose word the provider takes may not: links would belong to somebody else. */
export type AuthProviderChange = Partial<
  Pick<
    AuthProviderState,
    | 'name'
    | 'clientId'
    | 'clientSecret'
    | 'authorizeUrl'
    | 'tokenUrl'
    | 'userinfoUrl'
    | 'mapping'
    | 'scopes'
    | 'chainIds'
    | 'enabled'
  >
>;

/** How people of a project may sign in besides with a password. */
export class AuthProvider extends AggregateRoot<AuthProviderEvent> {
  #state: AuthProviderState;

  private constructor(state: AuthProviderState) {
    super();
    this.#state = state;
  }

  static configure(input: Omit<AuthProviderState, 'createdAt' | 'updatedAt'>, now: Date): AuthProvider {
    const provider = new AuthProvider({ ...input, createdAt: now, updatedAt: now });
    provider.record({ type: 'auth-provider-configured', ...provider.#happened(now) });
    return provider;
  }

  /** For repositories only. */
  static rehydrate(state: AuthProviderState): AuthProvider {
    return new AuthProvider(state);
  }

  change(change: AuthProviderChange, now: Date): void {
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const { id, projectId, type, preset, issuer, createdAt } = this.#state;
    const fixed = { id, projectId, type, preset, issuer, createdAt };
    this.#state = { ...this.#state, ...given, ...fixed, updatedAt: now };
    this.record({ type: 'auth-provider-changed', ...this.#happened(now) });
  }

  /** The links of its people go with it. */
  remove(now: Date): void {
    this.record({ type: 'auth-provider-removed', ...this.#happened(now) });
  }

  toState(): AuthProviderState {
    return this.#state;
  }

  #happened(now: Date): { projectId: string; providerId: string; occurredAt: string } {
    return { projectId: this.#state.projectId, providerId: this.#state.id, occurredAt: now.toISOString() };
  }
}

/** A provider as others may see it: its secret is never shown again. */
export type AuthProviderView = Omit<AuthProviderState, 'clientSecret'>;

export function authProviderView({ clientSecret: _, ...visible }: AuthProviderState): AuthProviderView {
  return visible;
}

/** With what its preset adds. */
export function endpointsOf(provider: AuthProviderState): ProviderEndpoints {
  const preset = provider.preset === null ? undefined : PROVIDER_PRESETS[provider.preset];
  return {
    issuer: provider.issuer ?? preset?.issuer ?? null,
    authorizeUrl: provider.authorizeUrl ?? preset?.authorizeUrl ?? null,
    tokenUrl: provider.tokenUrl ?? preset?.tokenUrl ?? null,
    userinfoUrl: provider.userinfoUrl ?? preset?.userinfoUrl ?? null,
    mapping: provider.mapping ?? preset?.mapping ?? null,
    scopes: provider.scopes.length > 0 ? provider.scopes : (preset?.scopes ?? []),
    chainIds: provider.chainIds,
  };
}

/** @throws IamError `not-found` when it is switched off: nobody gets in by it (fail closed) */
export function assertEnabled(provider: AuthProviderState | undefined): asserts provider is AuthProviderState {
  if (provider === undefined || !provider.enabled) throw new IamError('not-found');
}
