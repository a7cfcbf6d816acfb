import { type Section, tests } from '../requirement.ts';

export const PASSWORDS: Section = {
  title: '1 Passwords and login',
  requirements: [
    {
      id: '1',
      text: 'User-set passwords have at least 8 characters; 15 strongly recommended',
      source: 'ASVS 5.0 6.2.1',
      provenBy: [
        ...tests('domain/password-policy.test.ts', 'counts %s as one character', 'follows the project'),
        ...tests('domain/project-settings.test.ts', 'take %j and refuse %j'),
      ],
    },
    {
      id: '2',
      text: 'As the only factor at least 15, as part of MFA at least 8 (the contracts publish 8 and 12; a project can ask for 15)',
      source: 'NIST SP 800-63B-4 §3.1.1.2',
      provenBy: [
        ...tests('domain/password-policy.test.ts', 'follows the project'),
        ...tests('application/register.test.ts', 'asks twelve characters of the platform'),
        ...tests('application/totp-login.test.ts', 'opens a session on both factors with a right one'),
      ],
    },
    {
      id: '3',
      text: 'At least 64 characters accepted',
      source: 'ASVS 6.2.9; NIST §3.1.1.2',
      provenBy: [
        ...tests('domain/password-policy.test.ts', 'counts %s as one character'),
        ...tests('http/v1-violations.test.ts', 'takes a password of 128 code points, whatever they are, and no more'),
      ],
    },
    {
      id: '4',
      text: 'No composition rules, no periodic change',
      source: 'ASVS 6.2.5, 6.2.10; NIST §3.1.1.2',
      provenBy: [...tests('domain/password-policy.test.ts', 'asks for no kind of character')],
    },
    {
      id: '5',
      text: 'Verified exactly as received: no truncation, no case change; the whole value is checked',
      source: 'ASVS 6.2.8; NIST §3.1.1.2',
      provenBy: [
        ...tests(
          'crypto/argon2-password-hasher.test.ts',
          'knows a password by every character of it: none is cut off, folded or normalised away',
        ),
        ...tests(
          'crypto/stored-hashes.test.ts',
          'matches no password that it would not see the whole of',
          'takes no password for another that goes on after a NUL',
        ),
        ...tests(
          'application/login.test.ts',
          'takes the password as it is: no case, no space and no form of a letter is changed',
        ),
      ],
    },
    {
      id: '6',
      text: 'Each Unicode code point counts as one character',
      source: 'NIST §3.1.1.2',
      provenBy: [
        ...tests('domain/password-policy.test.ts', 'counts %s as one character'),
        ...tests('application/register.test.ts', 'counts the password in code points, 8 to 128, and takes it as it is'),
      ],
    },
    {
      id: '7',
      text: 'Checked against the common passwords and a breached set on registration, change and reset; the whole value is compared',
      source: 'ASVS 6.2.4, 6.2.12; NIST §3.1.1.2',
      provenBy: [
        ...tests('application/register.test.ts', 'refuses common passwords unless the project allows them'),
        ...tests(
          'crypto/known-password-lists.test.ts',
          'has %s',
          'has not %j: the whole value is compared',
          'says of a password what each list says',
        ),
        ...tests(
          'http/v1-account.test.ts',
          'names the field of a new password that is refused',
          'resets a forgotten password: every session ends',
        ),
        ...tests(
          'application/mailed-codes.test.ts',
          'is not spent by a password that the policy refuses, however often',
        ),
        ...tests(
          'security/failing-dependencies.test.ts',
          'refuses them, and every password while nobody can look them up',
        ),
        ...tests('application/recovery.test.ts', 'is what is chosen with it: %s'),
      ],
    },
    {
      id: '8',
      text: 'Context words (service, tenant, own email) refused',
      source: 'ASVS 6.1.2, 6.2.11',
      provenBy: [
        ...tests(
          'application/register.test.ts',
          'refuses a password made of the own address, name, organisation or project',
        ),
        ...tests('application/sessions.test.ts', 'takes no new one that is made of the name of a tenant'),
      ],
    },
    {
      id: '9',
      text: 'Change needs the current password',
      source: 'ASVS 6.2.3',
      provenBy: [
        ...tests('http/v1-account.test.ts', 'wants the current one, and ends the other sessions'),
        ...tests('application/sessions.test.ts', 'takes the right old one and an acceptable new one'),
      ],
    },
    {
      id: '10',
      text: 'argon2id at least m=19456 KiB, t=2, p=1; a salt per hash; a hash under one second',
      source: 'Password Storage CS; ASVS 11.4.2 + App. C',
      provenBy: [
        ...tests(
          'crypto/argon2-password-hasher.test.ts',
          'hashes with argon2id at the OWASP minimum unless told otherwise',
          'makes what another argon2id makes of the same salt (RFC 9106)',
          'salts: the same password is never hashed alike',
        ),
        ...tests('security/configuration.test.ts', 'cannot make hashes weaker than OWASP asks for, with %s iterations'),
      ],
    },
    {
      id: '11',
      text: 'Re-hash at login when parameters rise',
      source: 'Password Storage CS, Upgrading the Work Factor',
      provenBy: [
        ...tests('application/login.test.ts', 'hashes anew when the parameters have risen, and only then'),
        ...tests(
          'crypto/argon2-password-hasher.test.ts',
          'calls a hash outdated when any parameter was weaker than today’s, and only when the password is right',
        ),
        ...tests('crypto/stored-hashes.test.ts', 'is checked as it was made: $form ($source)'),
        ...tests(
          'application/foreign-hashes.test.ts',
          'brings one of ours at the first sign-in, and nothing afterwards',
          'brings it wherever else it is asked for: to confirm who one is, and to accept an invitation',
        ),
      ],
    },
    {
      id: '12',
      text: 'At most 100 consecutive failures per account, ever tighter for codes',
      source: 'NIST §3.2.2',
      provenBy: [
        ...tests(
          'application/attempts.test.ts',
          'close the account to strangers at a hundred, whatever they know, and not to familiar networks',
        ),
        ...tests(
          'application/mailed-codes.test.ts',
          'are told to the person at thirty, and at a hundred close the code to strangers, not to familiar networks',
        ),
        ...tests(
          'application/recovery-ladder.test.ts',
          'are fifteen, and then no time opens it again',
          'are fifteen however slowly they come',
        ),
        ...tests(
          'application/providers-mfa.test.ts',
          'draws on the budget of the account, however many challenges there are',
        ),
      ],
    },
    {
      id: '13',
      text: 'Counter bound to the account, not to the source address; window and lock time documented; no permanent lock by strangers (fifteen wrong recovery codes do lock, as the contract publishes: both factors from a familiar network still get in, and so does the owner of the platform)',
      source: 'Authentication CS; ASVS 6.1.1, 6.3.1',
      provenBy: [
        ...tests(
          'application/attempts.test.ts',
          'are thirty from all strangers together',
          'keeps a budget of its own: strangers cannot lock the owner out',
          'wait twice as long after every window that was used up, up to a day',
        ),
        ...tests('application/recovery-ladder.test.ts', 'are counted by the address in its canonical form'),
        ...tests(
          'application/recovery-lock.test.ts',
          'signs in over %s with password and code from a familiar network, which unlocks nothing',
        ),
        ...tests(
          'application/recovery-unlock.test.ts',
          'is never locked: recovery alone closes, and sign-in and reset go on',
        ),
      ],
    },
    {
      id: '14',
      text: 'Failures on a success reset the count',
      source: 'NIST §3.2.2',
      provenBy: [
        ...tests('application/attempts.test.ts', 'starts the count anew', 'ends the doubling'),
        ...tests(
          'contracts/attempt-budget.contract.ts',
          'gives the window back on success, starts failures and progression anew, and remembers the success',
        ),
        ...tests(
          'application/recovery-ladder.test.ts',
          'clears what was counted: the window, the locks before it, and the fifteen',
        ),
      ],
    },
    {
      id: '15',
      text: 'Existence of an account not deducible from message, status or time (registration answers 409, as the contracts publish)',
      source: 'ASVS 6.3.8; Authentication CS',
      provenBy: [
        ...tests(
          'security/existence.test.ts',
          'costs a failed login nothing: the same work for a wrong password and for nobody',
          'costs %s nothing',
          'costs a wrong code nothing: %s',
        ),
        ...tests('crypto/argon2-password-hasher.test.ts', 'matches nobody, at what a real hash costs'),
        ...tests(
          'application/stand-ins.test.ts',
          'costs one or the other in the shares that accounts do, and each address always the same',
        ),
        ...tests(
          'application/login.test.ts',
          'answers unknown addresses and wrong passwords with one error',
          'tells that an account is %s only after the right password',
        ),
        ...tests('http/v1-authentication.test.ts', 'answers alike for a wrong password and an unknown address'),
        ...tests(
          'http/gate.test.ts',
          'answers 429 with Retry-After when the attempts are used up, the same for an unknown address',
        ),
        ...tests(
          'security/existence.test.ts',
          'costs a wrong recovery code nothing, at every step but the fifteenth, which locks the account',
        ),
        ...tests(
          'application/recovery.test.ts',
          'is answered like an address that nobody has, and recorded without the code',
          'is an account that is %s, and a wrong code hears nothing of that',
        ),
        ...tests(
          'application/recovery-ladder.test.ts',
          'answers known and unknown addresses and accounts out of use the same at every step of the way',
        ),
      ],
    },
    {
      id: '16',
      text: 'No default accounts',
      source: 'ASVS 6.3.2',
      provenBy: [
        ...tests(
          'security/accounts.test.ts',
          'are not there: a new platform has the owner that it was given, a new project has nobody',
          'have no password that another installation has: each owner’s is random, in a file of their own',
        ),
      ],
    },
    {
      id: '17',
      text: 'Every login pathway has the same strength and controls; none undocumented',
      source: 'ASVS 6.1.3, 6.3.4; MFA CS',
      provenBy: [
        ...tests('security/accounts.test.ts', 'draw on one budget: guesses over one dialect count over the other'),
        ...tests(
          'application/attempts.test.ts',
          'draws on the same budget: change and reauthentication open no second door',
        ),
        ...tests('security/every-route.test.ts', 'is in the OpenAPI document: there is no other way in'),
        ...tests(
          'application/mfa-matrix.test.ts',
          'is in the table, for every use case',
          '%s %s over %s: %s, and never a session without the code',
        ),
      ],
    },
    {
      id: '18',
      text: 'People are told of credential changes and of suspicious logins, by mail to the old address',
      source: 'ASVS 6.3.5, 6.3.7; MFA CS',
      provenBy: [
        ...tests(
          'security/accounts.test.ts',
          'are told of every change of their credentials, a new address at the old one',
        ),
        ...tests(
          'application/refresh.test.ts',
          'later than that is theft: the session is over, recorded, and the person is told',
        ),
        ...tests(
          'application/attempts.test.ts',
          'are told to the person at thirty in a row, once, and to nobody where nobody has the address',
        ),
        ...tests(
          'application/recovery.test.ts',
          'signs in without password and authenticator, and says so: in the session, its tokens, the record and the mail',
        ),
        ...tests(
          'application/recovery-codes.test.ts',
          'are ten, shown once; the older ones are dead, and the person is told',
        ),
        ...tests(
          'application/recovery-alarm.test.ts',
          'rings at the fifth wrong code: the person and the owners of their tenants are told, each once, and nobody else',
        ),
        ...tests('application/providers-link.test.ts', 'is theirs from then on, in the trail, and they are told'),
        ...tests('application/providers-unlink.test.ts', 'opens nothing any more, is in the trail, and they are told'),
      ],
    },
    {
      id: '19',
      text: 'No hints, no security questions',
      source: 'ASVS 6.4.2',
      provenBy: [...tests('security/every-route.test.ts', 'asks for no hint and no security question')],
    },
    {
      id: '20',
      text: 'Admins may start a reset but never choose or see a password',
      source: 'ASVS 6.4.6',
      provenBy: [
        ...tests(
          'application/register.test.ts',
          'keeps names, phone and metadata, and shows neither hash nor bookkeeping',
        ),
        ...tests('http/v1-account.test.ts', 'does not touch what is not the person’s to change'),
        ...tests(
          'application/invitations.test.ts',
          'takes the password of a proven one, and adds the membership to it',
        ),
      ],
    },
    {
      id: '21',
      text: 'Limits and lockout are enforced also at the redemption step, not only at the start',
      source: 'Keycloak CVE-2026-16103',
      provenBy: [
        ...tests(
          'application/mailed-codes.test.ts',
          'is guessed at ten times in a quarter of an hour for %s',
          'has five tries however many come at once',
          'is closed to an account that is %s',
        ),
        ...tests('http/v1-doors.test.ts', 'count %s at %s'),
        ...tests(
          'application/recovery-lock.test.ts',
          'has no sign-in left that stood between two steps: neither a ticket nor a choice of tenants',
          'opens to nobody who was on the way in over %s when it locked',
        ),
      ],
    },
  ],
};
