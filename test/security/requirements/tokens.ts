import { type Section, tests } from '../requirement.ts';

export const TOKENS: Section = {
  title: '5 JWT and keys',
  requirements: [
    {
      id: '56',
      text: 'Exactly one algorithm per key, enforced at use; never none',
      source: 'ASVS 9.1.2; RFC 8725(bis) §3.1',
      provenBy: [
        ...tests(
          'crypto/jose-token-signer.hostile.test.ts',
          'is refused with `alg: none`, with and without the rest of it',
          'is refused when the public key served as the secret of an HS256',
          'is refused when a right key signed by another algorithm than its own',
        ),
      ],
    },
    {
      id: '57',
      text: 'Keys only from own configuration; jku, x5u, jwk ignored',
      source: 'ASVS 9.1.3; RFC 8725 §3.10',
      provenBy: [...tests('crypto/jose-token-signer.hostile.test.ts', 'cannot bring its own key along')],
    },
    {
      id: '58',
      text: 'kid treated as hostile input',
      source: 'RFC 8725 §3.10',
      provenBy: [
        ...tests(
          'crypto/jose-token-signer.hostile.test.ts',
          'is refused with a kid that is no key’s, whatever it looks like',
          'is refused under the kid of another key, of the same project or of another',
        ),
      ],
    },
    {
      id: '59',
      text: 'exp and nbf checked; non-numeric dates refused',
      source: 'ASVS 9.2.1; Hono CVE-2026-44459',
      provenBy: [
        ...tests(
          'crypto/jose-token-signer.hostile.test.ts',
          'is refused when its %s is %j, though the right key signed it',
          'is `token-invalid`, not `token-expired`, when its signature is wrong and its time over',
        ),
        ...tests(
          'crypto/jose-token-signer.test.ts',
          'says `token-expired` of a token past its time, first or remembered',
        ),
      ],
    },
    {
      id: '60',
      text: 'Token type checked: access, login ticket, session token, id token and invitation are mutually exclusive',
      source: 'ASVS 9.2.2; RFC 8725 §3.11–3.12',
      provenBy: [
        ...tests('crypto/jose-token-signer.hostile.test.ts', 'is refused with typ %s: it was made for something else'),
        ...tests('application/authenticate.test.ts', 'refuses a refresh token in the place of an access token'),
        ...tests('crypto/hmac-secret-issuer.test.ts', 'finds the secret of one context worthless in every other'),
        ...tests('application/mailed-links.test.ts', 'counts in its project, for its purpose, and as it is'),
        ...tests('http/gate-totp.test.ts', 'gives a ticket that is good for nothing but the second step'),
        ...tests('application/providers-exchange.test.ts', 'is no other kind of secret, and no other is one'),
        ...tests('application/providers-mfa.test.ts', 'is no other kind of secret'),
      ],
    },
    {
      id: '61',
      text: 'aud present and validated, iss and key pair validated',
      source: 'ASVS 9.2.3, 9.2.4, 10.3.1; RFC 8725 §3.8–3.9',
      provenBy: [
        ...tests(
          'crypto/jose-token-signer.hostile.test.ts',
          'is refused when another project’s key signed it in this one’s name',
          'is refused for an audience of several, ours among them',
          'is refused without %s',
        ),
        ...tests('application/authenticate.test.ts', 'are worth nothing in another project'),
      ],
    },
    {
      id: '62',
      text: 'JWT only in legal form (base64url and dots)',
      source: 'RFC 8725bis §3.14',
      provenBy: [
        ...tests(
          'crypto/jose-token-signer.hostile.test.ts',
          'is refused with any one character changed, and leaves the real one working',
          'is refused in any other spelling of its last character',
          'is refused as any text at all',
        ),
      ],
    },
    {
      id: '63',
      text: 'Access-token profile: typ at+jwt; iss, exp, aud, sub, client_id, iat, jti required; RS256 supported',
      source: 'RFC 9068 §2.1–2.2',
      provenBy: [
        ...tests(
          'crypto/jose-token-signer.test.ts',
          'writes an RFC 9068 token with the project’s current %s key',
          'lets a stranger verify our %s tokens, by jose’s own remote JWKS',
        ),
        ...tests('crypto/jose-token-signer.hostile.test.ts', 'is refused without %s'),
      ],
    },
    {
      id: '64',
      text: 'Delegation shown with the act claim, sub = the acted-for party; nested only if allowed',
      source: 'RFC 8693 §4.1',
      provenBy: [
        ...tests(
          'application/impersonation.test.ts',
          'is acting as the owner of the tenant, with what they may do there and nothing more',
          'leads no further: not to another person, not to another tenant',
        ),
      ],
    },
    {
      id: '65',
      text: 'JWKS public only: no private members, unique kid, use sig, alg, RSA at least 2048',
      source: 'RFC 7517 §4; ASVS 11.2.3',
      provenBy: [
        ...tests(
          'crypto/jose-signing-key-factory.test.ts',
          'publishes of an %s key its public members, use, alg and kid, and nothing private',
          'makes RSA keys of 2048 bits',
          'names an %s key by its thumbprint (RFC 7638 §3)',
        ),
        ...tests(
          'crypto/jose-token-signer.test.ts',
          'publishes current, next and unexpired previous keys, public members only',
        ),
        ...tests('http/gate-public.test.ts', 'verifies an access token without a call, and holds no private member'),
      ],
    },
    {
      id: '66',
      text: 'Documented key life cycle; keys and secrets rotatable without outage',
      source: 'ASVS 11.1.1, 11.2.2, 13.3.4',
      provenBy: [
        ...tests(
          'domain/signing-key.test.ts',
          'is published before it signs',
          'verifies for as long as a token that it signed may live, then no more',
        ),
        ...tests(
          'application/project-keys.test.ts',
          'move next → current → previous, and what was signed before goes on verifying',
        ),
        ...tests(
          'crypto/jose-token-signer.test.ts',
          'verifies with next, current and previous keys without a gap, and signs with the new one',
        ),
        ...tests(
          'crypto/hmac-secret-issuer.test.ts',
          'knows a secret from before the master key was rotated, and not from before that',
        ),
        ...tests('webhooks/end-to-end.test.ts', 'are believed under the old secret and the new one when it is rotated'),
        ...tests(
          'crypto/aes-gcm-secret-box.test.ts',
          'opens under the previous master key, seals under the present one, and not under one that is gone',
        ),
        ...tests(
          'crypto/hmac-refresh-token-codec.test.ts',
          'takes tokens made under the previous master key, and makes new ones under the present key',
        ),
        ...tests(
          'application/signing-key-schedule.test.ts',
          'are followed after 90 days, in every project, as by the command',
        ),
        ...tests(
          'http/jwks-rotation.test.ts',
          'relying parties that keep a JWKS for as long as they may verify every token while keys rotate all the time',
        ),
        ...tests(
          'persistence/master-key.test.ts',
          'all open under the new one alone when a process was killed in the middle and another has gone on; none was sealed twice',
        ),
        ...tests('isolation/master-key.test.ts', 'answers every request as ever, and then needs the new key alone'),
      ],
    },
    {
      id: '67',
      text: 'Constant-time comparison of secrets',
      source: 'ASVS 11.2.4',
      provenBy: [
        ...tests(
          'security/source.test.ts',
          'compares no secret, MAC or digest with ===, only in constant time',
          'would be caught at: %s',
        ),
      ],
    },
    {
      id: '68',
      text: 'Secrets sealed with an AEAD, unique nonces (signing keys; TOTP secrets)',
      source: 'ASVS 11.3.2–11.3.4, 13.3.1',
      provenBy: [
        ...tests(
          'crypto/aes-gcm-secret-box.test.ts',
          'writes v1.kid.iv.tag.ct: AES-256-GCM with 96 bits of iv, 128 of tag and the binding as additional data',
          'never seals the same thing twice alike',
          'does not open when any character was changed, cut or added',
          'opens for no other binding',
        ),
        ...tests(
          'crypto/jose-signing-key-factory.test.ts',
          'lets the private half leave only sealed, to this project and this key',
        ),
        ...tests('application/totp-set-up.test.ts', 'is kept sealed, and opens for nobody else'),
      ],
    },
  ],
};
