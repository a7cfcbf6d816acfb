import { type Section, tests } from '../requirement.ts';

export const FEDERATION: Section = {
  title: '6 OAuth, OIDC, wallet',
  requirements: [
    {
      id: '69',
      text: 'State, PKCE and nonce bound to one transaction and one user agent',
      source: 'ASVS 10.1.2, 10.2.1; RFC 9700 §2.1.1; OAuth 2.1',
      provenBy: [],
      awaits: 'providers',
    },
    {
      id: '70',
      text: 'Mix-up defence when there is more than one provider: per-provider binding, iss checked',
      source: 'ASVS 10.2.2; RFC 9700 §4.4; RFC 9207',
      provenBy: [],
      awaits: 'providers',
    },
    {
      id: '71',
      text: 'ID token: signature, iss, aud = client id, exp, nonce',
      source: 'ASVS 6.8.2, 10.5.1, 10.5.4',
      provenBy: [],
      awaits: 'providers',
    },
    {
      id: '72',
      text: 'User identified by provider and sub, never by a reassignable claim such as email',
      source: 'ASVS 6.8.1, 10.3.3, 10.5.2',
      provenBy: [],
      awaits: 'providers',
    },
    {
      id: '73',
      text: 'Code single use; a second use is refused',
      source: 'ASVS 10.4.2; OAuth 2.1',
      provenBy: [],
      awaits: 'providers',
    },
    {
      id: '74',
      text: 'Redirect targets compared by exact string against an allowlist',
      source: 'ASVS 10.4.1, 3.7.2; RFC 9700 §2.1',
      provenBy: [],
      awaits: 'providers',
    },
    {
      id: '75',
      text: 'Automatic linking only if both sides are verified',
      source: 'SuperTokens account-linking security page; better-auth GHSA-g38m-r43w-p2q7',
      provenBy: [],
      awaits: 'providers',
    },
    {
      id: '76',
      text: 'Outbound calls: allowlist, no redirects, short deadlines',
      source: 'ASVS 1.3.6, 13.2.4, 15.3.2',
      provenBy: [
        ...tests(
          'crypto/known-password-lists.test.ts',
          'makes it `unavailable` by %s',
          'asks nobody outside unless told to',
        ),
      ],
      awaits: 'providers',
    },
    {
      id: '77',
      text: 'SIWE message conforms to the ABNF; domain, uri, version, chain-id, nonce and times checked; signature per ERC-191; session bound to the address',
      source: 'ERC-4361, Relying Party Implementer Steps',
      provenBy: [],
      awaits: 'wallets',
    },
    {
      id: '78',
      text: 'Provider switched off or misconfigured fails closed',
      source: 'Auth.js GHSA-8fpg-xm3f-6cx3; Keycloak CVE-2026-3009; ASVS 16.5.3',
      provenBy: [],
      awaits: 'providers',
    },
  ],
};
