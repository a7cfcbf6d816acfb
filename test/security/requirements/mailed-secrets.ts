import { type Section, tests } from '../requirement.ts';

export const MAILED_SECRETS: Section = {
  title: '3 Reset, verification, invitation',
  requirements: [
    {
      id: '34',
      text: 'Reset token: CSPRNG, linked to one user, stored hashed, single use, expiring',
      source: 'Forgot Password CS',
      provenBy: [
        ...tests(
          'crypto/hmac-secret-issuer.test.ts',
          'makes tokens of 256 bits behind their prefix, and never the same one',
        ),
        ...tests(
          'application/mailed-links.test.ts',
          'succeeds once of sixteen at once, and dies when a newer one is made',
          'expires after an hour, and counts in its project alone',
        ),
        ...tests('contracts/repositories.contract.ts', 'keeps the digest of a one-time token unique for its purpose'),
        ...tests(
          'security/secrets.test.ts',
          'is nowhere at rest: not in a row, an event, an audit record or a stored answer',
        ),
      ],
    },
    {
      id: '35',
      text: 'Same answer and same time for known and unknown accounts',
      source: 'Forgot Password CS',
      provenBy: [
        ...tests('security/existence.test.ts', 'costs %s nothing', 'costs a wrong code nothing: %s'),
        ...tests(
          'http/v1-account.test.ts',
          'hears nothing of a reset for an unknown or unproven address, and the answer is the same',
        ),
        ...tests('http/gate.test.ts', 'answers 204 for an address that nobody has, and 400 to a code for it'),
        ...tests(
          'application/mailed-codes.test.ts',
          'is answered the same for an unknown, a proven and a wrong address',
        ),
      ],
    },
    {
      id: '36',
      text: 'Per-account limit on reset mails; no account change until a valid token arrives',
      source: 'Forgot Password CS',
      provenBy: [
        ...tests(
          'application/mailed-codes.test.ts',
          'is mailed three times in a quarter of an hour, and then the last one lives',
        ),
        ...tests('security/accounts.test.ts', 'changes nothing of the account until the code comes back'),
      ],
    },
    {
      id: '37',
      text: 'Link host comes from configuration, never from Host or X-Forwarded-*',
      source: 'Forgot Password CS; ASVS 4.1.3',
      provenBy: [
        ...tests(
          'security/hostile-requests.test.ts',
          'is in no link of a mail, no problem, no list, no token and no redirect',
        ),
        ...tests('notify/render-mail.test.ts', 'of %s lead to our pages, the token in the fragment'),
      ],
    },
    {
      id: '38',
      text: 'After reset: no automatic login; notify; existing sessions ended',
      source: 'Forgot Password CS; ASVS 7.4.3',
      provenBy: [
        ...tests('http/v1-account.test.ts', 'resets a forgotten password: every session ends'),
        ...tests('http/gate.test.ts', 'sets a new password with the mailed code and ends every session'),
        ...tests('application/mailed-codes.test.ts', 'sets the password, ends every session and tells the person'),
      ],
    },
    {
      id: '39',
      text: 'Reset does not bypass MFA',
      source: 'ASVS 6.4.3',
      provenBy: [...tests('application/totp-login.test.ts', 'keeps the factor of a proven account')],
    },
    {
      id: '40',
      text: 'Initial or activation codes are random, short-lived, never the long-term password',
      source: 'ASVS 6.4.1',
      provenBy: [
        ...tests(
          'crypto/hmac-secret-issuer.test.ts',
          'makes codes of six digits, leading zeros included, evenly spread',
        ),
        ...tests('domain/short-lived-secrets.test.ts', '%s lives for %i seconds'),
        ...tests('application/mailed-codes.test.ts', 'is spent once, of sixteen at once'),
        ...tests(
          'application/invitations.test.ts',
          'lets one of sixteen in',
          'sent again kills the older token at once',
          'makes way for another once it has expired',
        ),
      ],
    },
    {
      id: '41',
      text: 'Accounts, pending changes and sessions made before the mailbox was proven do not survive that proof',
      source: 'pre-hijacking study (arXiv 2205.10174); better-auth #10239',
      provenBy: [
        ...tests(
          'application/mailed-codes.test.ts',
          'reclaims it: what a squatter put there is gone, and the address is proven',
        ),
        ...tests('application/mailed-links.test.ts', 'removes the unproven account with its tenant, sessions and seat'),
        ...tests(
          'domain/user.test.ts',
          'reclaims an unproven account when it is reset: whoever reads the mailbox owns it',
        ),
        ...tests(
          'application/providers-joining.test.ts',
          'is theirs who come over %s, and proven, with nothing of whoever made it',
          'opens to nothing over %s that whoever made it still has',
          'asks for no code of the app of whoever made it, and their tickets are dead',
          'honours no choice of tenants of whoever made it',
          'honours no code and no link that was mailed before',
        ),
      ],
    },
  ],
};
