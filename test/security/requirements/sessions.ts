import { type Section, tests } from '../requirement.ts';

export const SESSIONS: Section = {
  title: '4 Sessions and tokens',
  requirements: [
    {
      id: '42',
      text: 'Opaque tokens: CSPRNG, at least 128 bits; UUIDs do not count as secrets',
      source: 'ASVS 7.2.3, 11.5.1',
      provenBy: [
        ...tests(
          'crypto/hmac-secret-issuer.test.ts',
          'makes tokens of 256 bits behind their prefix, and never the same one',
          'makes nonces of 128 bits',
        ),
        ...tests(
          'crypto/hmac-refresh-token-codec.test.ts',
          'is `rt_` and base64url of id, big-endian generation and HMAC-SHA-256 over both and the nonce',
          'refuses the MAC of another generation, session or nonce',
        ),
      ],
    },
    {
      id: '43',
      text: 'New session on every authentication; old one ended',
      source: 'ASVS 7.2.4',
      provenBy: [
        ...tests('application/login.test.ts', 'opens a new session each time, with the client of its dialect'),
        ...tests(
          'application/landing.test.ts',
          'ends the session of a given refresh token, and takes only one of the person',
        ),
      ],
    },
    {
      id: '44',
      text: 'Inactivity and absolute life enforced; at most 30 days overall, or as a project sets it (NIST’s SHOULD of 24 h and 1 h idle with a second factor is refreshAbsoluteTtlSeconds and refreshIdleTtlSeconds)',
      source: 'ASVS 7.3.1, 7.3.2; NIST §2',
      provenBy: [
        ...tests(
          'application/refresh.test.ts',
          'ends when it was idle for seven days, and not before',
          'ends thirty days after the sign-in, however often it is refreshed',
          'is never outlived by an access token (%s limit)',
        ),
      ],
    },
    {
      id: '45',
      text: 'Logout ends use of the session at the server',
      source: 'ASVS 7.4.1',
      provenBy: [
        ...tests('application/sessions.test.ts', 'ends the session at the server, once, with one record'),
        ...tests('http/v1-authentication.test.ts', 'ends the session of the bearer, without a body'),
        ...tests('http/gate-public.test.ts', 'ends the session, and answers 204 to unknown tokens and again'),
      ],
    },
    {
      id: '46',
      text: 'Disable and delete end all sessions',
      source: 'ASVS 7.4.2',
      provenBy: [
        ...tests('application/authenticate.test.ts', 'follows when the person is %s'),
        ...tests('application/refresh.test.ts', 'is a person who is not %s', 'is a person who is not deleted'),
        ...tests(
          'application/people.test.ts',
          'loses the account when removed, and has it back when restored',
          'lets the owner of the platform set the standing of anybody',
        ),
      ],
    },
    {
      id: '47',
      text: 'All other sessions end after any factor change',
      source: 'ASVS 7.4.3',
      provenBy: [
        ...tests('http/v1-account.test.ts', 'wants the current one, and ends the other sessions'),
        ...tests(
          'application/sessions.test.ts',
          'ends every other session and keeps this one',
          'cannot carry itself over by changing the password',
        ),
        ...tests(
          'application/totp-set-up.test.ts',
          'ends every other session, on either dialect, and this one lives on both factors',
          'ends every other session, and this one lives',
        ),
        ...tests(
          'application/recovery-changes.test.ts',
          '%s ends every other session, on either dialect, and its access tokens with it',
          'ends what stands between the steps of a sign-in',
        ),
      ],
    },
    {
      id: '48',
      text: 'User and admin can end sessions',
      source: 'ASVS 7.4.5, 7.5.2',
      provenBy: [
        ...tests(
          'http/v1-account.test.ts',
          'are ended one by one by their owner, and by nobody else',
          'are ended all but the present one',
        ),
        ...tests('application/sessions.test.ts', 'end all but the present one, which is refreshed on'),
        ...tests(
          'application/people.test.ts',
          'leaves a person of several tenants the say over address and names, and the account',
        ),
        ...tests('application/tenants.test.ts', 'ends the sessions that were open, for good'),
      ],
    },
    {
      id: '49',
      text: 'Refresh tokens rotate; reuse of a rotated token revokes the whole family and its grant',
      source: 'ASVS 10.4.5; RFC 9700 §4.14.2; OAuth 2.1 §4.3.1',
      provenBy: [
        ...tests(
          'application/refresh.test.ts',
          'rotates: the next pair is of the same session, and the presented token is dead',
          'of generation %i of six is theft',
          'once the successor was used is theft at any time',
        ),
        ...tests('contracts/single-use.contract.ts', 'lets one of sixteen rotate a refresh token'),
        ...tests(
          'http/gate-public.test.ts',
          'revokes the session when a token comes back after its successor was used',
        ),
      ],
    },
    {
      id: '50',
      text: 'Refresh tokens expire absolutely even if sliding, and on inactivity',
      source: 'ASVS 10.4.8; OAuth 2.1 §4.3.3',
      provenBy: [
        ...tests(
          'application/refresh.test.ts',
          'ends thirty days after the sign-in, however often it is refreshed',
          'ends when it was idle for seven days, and not before',
        ),
        ...tests('domain/refresh-token.test.ts', 'never prolongs the idle life beyond the absolute one'),
      ],
    },
    {
      id: '51',
      text: 'Refresh token bound to its client, project and tenant; scope never grows',
      source: 'OAuth 2.1 §4.3.1',
      provenBy: [
        ...tests(
          'application/refresh.test.ts',
          'is bound to its dialect and its project',
          'keeps the authentication of the login',
        ),
        ...tests(
          'application/landing.test.ts',
          'grants no newer authentication than the present one',
          'never leads out of the root tenant over the Gate',
        ),
      ],
    },
    {
      id: '52',
      text: 'The grant behind the refresh token is still active at each refresh (user, tenant, membership, project)',
      source: 'OAuth 2.1 §4.3.1; CVE-2023-22492; CVE-2026-43983',
      provenBy: [
        ...tests(
          'application/refresh.test.ts',
          'is a person who is not %s',
          'is a person who is not deleted',
          'is a membership',
          'is a tenant that is not blocked',
          'is a project that lets people sign in',
          'is a password that was not changed elsewhere',
        ),
      ],
    },
    {
      id: '53',
      text: 'Self-contained refresh values are integrity-protected; a truncated token is invalid',
      source: 'OAuth 2.1 §4.3.1; ZITADEL CVE-2026-27840',
      provenBy: [
        ...tests(
          'crypto/hmac-refresh-token-codec.test.ts',
          'refuses a token with any one character changed',
          'refuses a token that is cut, padded, lengthened or empty',
        ),
        ...tests(
          'application/refresh.test.ts',
          'refuses a token that was changed or cut anywhere, and the session lives',
        ),
      ],
    },
    {
      id: '54',
      text: 'Revoking an unknown token is not an error; a store failure is not reported as success',
      source: 'RFC 7009 §2.2; fosite CVE-2020-15223',
      provenBy: [
        ...tests(
          'security/failing-dependencies.test.ts',
          'is no error for a token that nobody knows, and one when it could not be stored (RFC 7009 §2.2)',
        ),
        ...tests(
          'application/sessions.test.ts',
          'is no error for a token that is unknown, changed, or of another dialect or project, and ends nothing',
        ),
      ],
    },
    {
      id: '55',
      text: 'Introspection of an inactive token says only inactive',
      source: 'RFC 7662 §2.2',
      provenBy: [
        ...tests(
          'http/gate-public.test.ts',
          'answers 401 to every bad token, never valid: false',
          'ends the session, and answers 204 to unknown tokens and again',
          'answers 401 to a token of another project',
        ),
      ],
    },
  ],
};
