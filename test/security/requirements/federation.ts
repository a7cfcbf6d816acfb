import { type Section, tests } from '../requirement.ts';

export const FEDERATION: Section = {
  title: '6 OAuth, OIDC, wallet',
  requirements: [
    {
      id: '69',
      text: 'State, PKCE and nonce bound to one transaction and one user agent',
      source: 'ASVS 10.1.2, 10.2.1; RFC 9700 §2.1.1; OAuth 2.1',
      provenBy: [
        ...tests(
          'application/providers-state.test.ts',
          'lets one of sixteen in',
          'is worth nothing in another project',
          'of a sign-in links nothing and opens no sensitive operation',
          'that %s spends the state, whether or not a browser is to return',
          'that belongs to another state is wrong',
          'that is missing where no browser is to return spends the state',
          'that is missing where a browser is to return brings a code for whoever has it, and no token',
        ),
        ...tests(
          'application/providers-exchange.test.ts',
          'is worth nothing with another verifier, or none, and is not spent by them',
        ),
        ...tests(
          'application/providers-link.test.ts',
          'is finished in the session that it was started in, and in no other of the same person',
        ),
        ...tests('http/v1-providers.test.ts', 'refuses whoever comes %s, and the state is spent'),
        ...tests('http/v1-provider-browser.test.ts', 'is nobody with the cookie of another'),
        ...tests(
          'providers/open-id-connect.test.ts',
          'sends people there with PKCE S256, the state and a nonce, each new',
          'takes no code that was fetched for another start: its verifier is another',
          'takes no answer with another state',
        ),
      ],
    },
    {
      id: '70',
      text: 'Mix-up defence when there is more than one provider: per-provider binding, iss checked',
      source: 'ASVS 10.2.2; RFC 9700 §4.4; RFC 9207',
      provenBy: [
        ...tests(
          'application/providers-state.test.ts',
          'is spent at another provider than the one that it was made for, and lets nobody in there',
        ),
        ...tests('domain/provider-round-trips.test.ts', 'comes back from where they were sent to'),
        ...tests(
          'providers/open-id-connect.test.ts',
          'takes no answer with %s issuer, where one is announced (RFC 9207)',
        ),
        ...tests(
          'providers/hostile-providers.test.ts',
          '%s is refused, and its code goes nowhere',
          'without an issuer is refused where one is announced (RFC 9207)',
        ),
        ...tests('application/providers-meanwhile.test.ts', 'links nobody'),
      ],
    },
    {
      id: '71',
      text: 'ID token: signature, iss, aud = client id, exp, nonce',
      source: 'ASVS 6.8.2, 10.5.1, 10.5.4',
      provenBy: [
        ...tests(
          'providers/hostile-providers.test.ts',
          'lets its subject in when everything is right',
          '%s lets nobody in',
          'is needed',
          'that says %s of its address proves it: %s',
        ),
      ],
    },
    {
      id: '72',
      text: 'User identified by provider and sub, never by a reassignable claim such as email',
      source: 'ASVS 6.8.1, 10.3.3, 10.5.2',
      provenBy: [
        ...tests(
          'application/providers-sign-in.test.ts',
          'is known over %s by the provider’s name for them alone, whatever the address there',
          'is known to that provider, and to no other that calls somebody the same',
        ),
        ...tests(
          'application/providers-joining.test.ts',
          'joins nobody to the account whom the provider knows by another name than before',
        ),
        ...tests(
          'application/providers-reauthentication.test.ts',
          'is nobody else there: another identity is refused, be it nobody’s or somebody’s',
        ),
        ...tests(
          'application/providers-configuration.test.ts',
          'takes its links along, so that another of its name finds nobody',
        ),
      ],
    },
    {
      id: '73',
      text: 'Code single use; a second use is refused',
      source: 'ASVS 10.4.2; OAuth 2.1',
      provenBy: [
        ...tests(
          'application/providers-state.test.ts',
          'is good once',
          'lets one of sixteen in',
          'is spent by a refusal of the provider, and by what the provider never said',
        ),
        ...tests(
          'application/providers-exchange.test.ts',
          'is good once',
          'opens one session of sixteen',
          'lives for a minute',
        ),
      ],
    },
    {
      id: '74',
      text: 'Redirect targets compared by exact string against an allowlist',
      source: 'ASVS 10.4.1, 3.7.2; RFC 9700 §2.1',
      provenBy: [
        ...tests(
          'application/providers-state.test.ts',
          'is an address of the list as a whole, and not %j',
          'holds for links and re-authentications too',
        ),
        ...tests('config/providers.test.ts', 'are never %s'),
        ...tests('http/v1-provider-browser.test.ts', 'is told where it may not be sent back to, and gets no cookie'),
        ...tests('browser/providers.test.ts', 'goes back to nobody who is not known'),
      ],
    },
    {
      id: '75',
      text: 'Automatic linking only if both sides are verified',
      source: 'SuperTokens account-linking security page; better-auth GHSA-g38m-r43w-p2q7',
      provenBy: [
        ...tests(
          'application/providers-joining.test.ts',
          'joins the account over %s when the provider has proven it too, and the person is told',
          'joins nobody to a proven account where the provider %s, and writes nothing',
          'reclaims no unproven account where the provider %s, and writes nothing',
        ),
        ...tests(
          'application/providers-link.test.ts',
          'is refused to an account that was never proven',
          'may have any address, which proves nothing here',
        ),
      ],
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
        ...tests(
          'outbound/guarded-fetch.test.ts',
          'does not go to %s',
          'goes to the address that was looked at: a name that means something else a moment later changes nothing',
          'follows no redirect (%i)',
          'waits no longer than its deadline for %s',
          'reads no more than its bound of an answer %s',
        ),
        ...tests('providers/private-endpoints.test.ts', 'is an address inside leads nobody in'),
        ...tests(
          'outbound/standard-webhook-sender.test.ts',
          'is not sent by address: %s',
          'is not sent by a name that leads to %s',
          'goes to the address that was looked at: a name that means something else a moment later changes nothing',
          'is not sent by a redirect',
          'is not sent to somebody whose certificate nobody vouches for',
          'is none, in time, of a receiver that %s',
          'counts, and costs nothing, where its body %s',
        ),
        ...tests('outbound/webhook-address.test.ts', 'may not be %s'),
      ],
    },
    {
      id: '77',
      text: 'SIWE message conforms to the ABNF; domain, uri, version, chain-id, nonce and times checked; signature per ERC-191; session bound to the address',
      source: 'ERC-4361, Relying Party Implementer Steps',
      provenBy: [
        ...tests(
          'providers/wallet-sign-in.test.ts',
          'is one that others read as it is meant (ERC-4361)',
          'has a nonce of at least eight letters and digits, never the same one',
          'lets in whoever has signed the message, as others would',
          'lets nobody in with a signed message %s',
          'lets nobody in with the signature of another wallet',
          'lets nobody in after its end, and until then somebody',
        ),
      ],
    },
    {
      id: '78',
      text: 'Provider switched off or misconfigured fails closed',
      source: 'Auth.js GHSA-8fpg-xm3f-6cx3; Keycloak CVE-2026-3009; ASVS 16.5.3',
      provenBy: [
        ...tests(
          'application/providers-state.test.ts',
          'starts nothing when it is %s',
          'lets nobody in who was on the way when it was switched off, and the state is spent',
          'is none of a type that nobody serves',
        ),
        ...tests(
          'application/providers-exchange.test.ts',
          'opens nothing once its provider is switched off or removed',
        ),
        ...tests(
          'application/providers-mfa.test.ts',
          'opens nothing once its provider is switched off, or sign-in is closed',
        ),
        ...tests(
          'application/providers-configuration.test.ts',
          'is refused what its adapter could not work with',
          'can be switched off whatever is wrong with it by now, and on only when nothing is',
        ),
        ...tests('application/providers-unlink.test.ts', 'is the last one where the others are switched off'),
        ...tests('application/providers-meanwhile.test.ts', 'lets nobody in who was linked', 'makes no account'),
        ...tests('providers/hostile-providers.test.ts', 'whose %s endpoint %s lets nobody in'),
      ],
    },
  ],
};
