import type { AuthProviderState } from '../../domain/project/auth-provider.ts';
import type { ProviderLinkState } from '../../domain/user/provider-link.ts';

/** A link as its person sees it. */
export type LinkView = Omit<ProviderLinkState, 'projectId' | 'userId'> & {
  readonly providerType: AuthProviderState['type'];
};

export function linkView(
  { projectId: _, userId: __, ...visible }: ProviderLinkState,
  { type }: Pick<AuthProviderState, 'type'>,
): LinkView {
  return { ...visible, providerType: type };
}
