import { type Section, tests } from '../requirement.ts';

export const SECOND_FACTOR: Section = {
  title: '2 TOTP, tickets, recovery codes',
  requirements: [
    {
      id: '22',
      text: 'A TOTP, an email code and a recovery code succeed once',
      source: 'ASVS 6.5.1; NIST §3.1.4; RFC 6238 §5.2',
      provenBy: [
        ...tests('contracts/single-use.contract.ts', 'lets one of sixteen spend a one-time token'),
        ...tests(
          'application/mailed-codes.test.ts',
          'is spent once, of sixteen at once',
          'succeeds once of sixteen at once',
        ),
        ...tests('contracts/totp-factors.contract.ts', 'lets one of sixteen spend a step'),
        ...tests(
          'application/totp-once.test.ts',
          'succeeds once with one ticket',
          'succeeds once over all of them together, on either dialect',
        ),
        ...tests('contracts/recovery-codes.contract.ts', 'lets one of sixteen spend a code'),
        ...tests(
          'application/recovery.test.ts',
          'is spent: refused from then on, however it is typed, while the others go on, down to the last',
          'succeeds once of sixteen at once',
        ),
        ...tests(
          'persistence/recovery.test.ts',
          'takes one code once, of sixteen at once, and changes in one commit all that was asked for',
        ),
      ],
    },
    {
      id: '23',
      text: 'At most one step of delay accepted; 30 s step',
      source: 'RFC 6238 §5.2; ASVS 6.5.5',
      provenBy: [
        ...tests(
          'crypto/otplib-totp-authenticator.test.ts',
          'is taken from one step before its own to the end of the one after, and at no other time',
        ),
        ...tests('application/totp-set-up.test.ts', 'takes a code of one step before or after, and none of two'),
      ],
    },
    {
      id: '24',
      text: 'Drift kept per user only within a fixed bound; no unbounded resync',
      source: 'RFC 6238 §6',
      provenBy: [
        ...tests(
          'crypto/otplib-totp-authenticator.test.ts',
          'is taken from one step before its own to the end of the one after, and at no other time',
        ),
        ...tests('domain/totp-factor.test.ts', 'is refused after a later one, though it was never shown'),
      ],
    },
    {
      id: '25',
      text: 'TOTP secret at least 128 bits (160 recommended), CSPRNG',
      source: 'RFC 4226 §4 R6; ASVS 6.5.3',
      provenBy: [
        ...tests('crypto/otplib-totp-authenticator.test.ts', 'has 160 random bits in Base32, without padding'),
      ],
    },
    {
      id: '26',
      text: 'Server time only',
      source: 'ASVS 6.5.8',
      provenBy: [
        ...tests(
          'crypto/otplib-totp-authenticator.test.ts',
          'shows the codes that are taken, for any secret at any time',
        ),
      ],
    },
    {
      id: '27',
      text: 'Throttle TOTP checks per account; exceed → lock or delay',
      source: 'RFC 4226 §7.3; NIST §3.2.2',
      provenBy: [
        ...tests(
          'application/totp-budget.test.ts',
          'are evaluated ten times in a quarter of an hour, however many come at once, and then the right one is not',
          'wait twice as long after every window that was used up, up to a day',
        ),
      ],
    },
    {
      id: '28',
      text: 'Recovery codes at least 20 bits; below 112 bits stored with a password hash and salt; below 64 bits rate-limited; tokens of 112 bits and more may use a plain indexed hash',
      source: 'ASVS 6.5.2, 6.5.4; NIST §3.1.2',
      provenBy: [
        ...tests(
          'crypto/argon2-recovery-code-issuer.test.ts',
          'makes ten different codes AAAA-BBBB-CCCC',
          'stores of each a tag that finds it and a salted argon2id hash that proves it, of the code without dashes',
          'draws from all 36 letters and digits',
        ),
        ...tests(
          'crypto/hmac-secret-issuer.test.ts',
          'makes tokens of 256 bits behind their prefix, and never the same one',
        ),
        ...tests(
          'crypto/argon2-recovery-code-issuer.test.ts',
          'is proven by the hash: a tag alone opens nothing',
          'costs the same right, wrong, and of nobody',
        ),
        ...tests(
          'application/recovery-ladder.test.ts',
          'are five in a quarter of an hour, and then none is evaluated for an hour',
          'are fifteen, and then no time opens it again',
        ),
      ],
    },
    {
      id: '29',
      text: 'Out-of-band codes: at least 20 bits (six digits), at most 10 min (15 for a reset, as the contract publishes), bound to the request they were made for, rate-limited',
      source: 'ASVS 6.5.4, 6.5.5, 6.6.2, 6.6.3',
      provenBy: [
        ...tests(
          'crypto/hmac-secret-issuer.test.ts',
          'makes codes of six digits, leading zeros included, evenly spread',
          'finds the secret of one context worthless in every other',
        ),
        ...tests(
          'application/mailed-codes.test.ts',
          'expires: ten minutes to verify, fifteen to reset',
          'counts for its purpose, its person and its project alone',
          'is guessed at ten times in a quarter of an hour for %s',
        ),
      ],
    },
    {
      id: '30',
      text: 'Resend makes a new code and overwrites the old',
      source: 'MFA CS',
      provenBy: [
        ...tests('application/mailed-codes.test.ts', 'dies when a new one is made'),
        ...tests(
          'contracts/single-use.contract.ts',
          'puts a new token in the place of the earlier one of its purpose, and no other',
        ),
        ...tests('http/v1-account.test.ts', 'gets another mail on demand, whose token replaces the first'),
      ],
    },
    {
      id: '31',
      text: 'Full re-authentication before changing email, MFA or recovery data',
      source: 'ASVS 7.5.1',
      provenBy: [
        ...tests('http/v1-account.test.ts', 'asks for a fresh authentication before the email is changed (RFC 9470)'),
        ...tests(
          'application/sessions.test.ts',
          'opens what needs a recent authentication for five minutes, in this session',
          'is not done by a refresh',
        ),
        ...tests('application/totp-set-up.test.ts', 'takes an authentication of the last five minutes'),
        ...tests(
          'application/recovery-codes.test.ts',
          'take an authentication of the last five minutes, and a refresh is none',
          'take the password of an account that has one, on the budget of sign-ins',
          'take a code besides where a factor is in force, which is spent by it',
        ),
        ...tests('application/providers-link.test.ts', 'takes a recent authentication'),
        ...tests(
          'application/providers-unlink.test.ts',
          'takes a recent authentication, and a session that is not over',
        ),
      ],
    },
    {
      id: '32',
      text: 'Any factor can be revoked; replacement needs the same strength as enrolment',
      source: 'ASVS 6.5.6, 6.4.4; NIST §4',
      provenBy: [
        ...tests(
          'application/totp-set-up.test.ts',
          'frees the way for another app, for which codes of the old one are wrong',
          'takes an authentication of the last five minutes',
        ),
        ...tests(
          'application/recovery-changes.test.ts',
          'is done where it is asked for: the next sign-in takes no code',
        ),
        ...tests(
          'application/recovery-codes.test.ts',
          'are ten, shown once; the older ones are dead, and the person is told',
          'take an authentication of the last five minutes, and a refresh is none',
          'take a code besides where a factor is in force, which is spent by it',
        ),
      ],
    },
    {
      id: '33',
      text: 'Flow steps only in order, none skipped',
      source: 'ASVS 2.3.1',
      provenBy: [
        ...tests('http/v1-authentication.test.ts', 'are not selected without a selection session'),
        ...tests(
          'application/login.test.ts',
          'refuses an unproven address where proof is required, only after the right password',
        ),
        ...tests('domain/user.test.ts', 'confirms no address but the one that is pending by now'),
        ...tests('application/landing.test.ts', 'is over when every session of the person has ended meanwhile'),
        ...tests(
          'application/mfa-matrix.test.ts',
          'is in the table, for every use case',
          '%s %s over %s: %s, and never a session without the code',
        ),
      ],
    },
  ],
};
