import { type Section, tests } from '../requirement.ts';

export const POLICY: Section = {
  title: 'Policy',
  requirements: [
    {
      id: 'Passwords',
      text: '8–128 (Gate) and 12–128 (v1) code points, no composition rules, taken as they come; refused: the common list, the own email, name, tenant or project name, optionally breached ones (k-anonymity)',
      source: 'the policy of this project',
      provenBy: [
        ...tests('domain/password-policy.test.ts', 'counts %s as one character', 'asks for no kind of character'),
        ...tests(
          'application/register.test.ts',
          'asks twelve characters of the platform',
          'counts the password in code points, 8 to 128, and takes it as it is',
          'refuses a password made of the own address, name, organisation or project',
        ),
        ...tests('application/sessions.test.ts', 'takes no new one that is made of the name of a tenant'),
        ...tests(
          'crypto/known-password-lists.test.ts',
          'is told five digits of a hash and asked for padding, and nothing that leads back to the password',
        ),
        ...tests(
          'security/failing-dependencies.test.ts',
          'refuses them, and every password while nobody can look them up',
        ),
      ],
    },
    {
      id: 'Attempts',
      text: 'An attempt is reserved before it is evaluated and given back by success alone; the counters of password, TOTP, OTP and recovery are separate and live in the database',
      source: 'the policy of this project',
      provenBy: [
        ...tests(
          'security/accounts.test.ts',
          'is not given back: whoever goes away, or waits for the hashes in vain, has had it',
        ),
        ...tests(
          'contracts/attempt-budget.contract.ts',
          'never grants more than the limit, of sixteen at once',
          'gives the window back on success, starts failures and progression anew, and remembers the success',
          'counts each project, budget and subject by itself, whether anybody knows the subject or not',
        ),
        ...tests(
          'application/attempts.test.ts',
          'a sign-in that finds no place at the hashes costs no attempt',
          'are never evaluated more often than the budget allows, however many come at once',
        ),
        ...tests('security/failing-dependencies.test.ts', 'nothing that is refused otherwise is let through'),
        ...tests(
          'application/recovery-ladder.test.ts',
          'are evaluated five times of a hundred at once',
          'is refused after a hundred wrong ones at once, which leave the budgets of the password alone',
        ),
        ...tests(
          'persistence/recovery.test.ts',
          'evaluates five wrong codes an hour, of a hundred at once, and locks the account with the fifteenth',
        ),
      ],
    },
    {
      id: 'Password',
      text: '10 failures / 15 min per account and client prefix, 30 / 15 min per account from prefixes without an earlier success; a prefix that has signed the account in has its own budget; changing and showing the password again draw on it too; never permanent',
      source: 'the policy of this project',
      provenBy: [
        ...tests(
          'application/attempts.test.ts',
          'are ten in a quarter of an hour from one network, the right password among them or not',
          'are thirty from all strangers together',
          'keeps a budget of its own: strangers cannot lock the owner out',
          'is forgotten after thirty days',
          'is none where the back end does not tell the address of the person',
          'draws on the same budget: change and reauthentication open no second door',
        ),
        ...tests('security/accounts.test.ts', 'draw on one budget: guesses over one dialect count over the other'),
      ],
    },
    {
      id: 'Progression',
      text: 'Every window that was used up doubles the next, 15 minutes to 24 hours, until a success; at 30 consecutive failures the person is mailed; from 100 on only known prefixes and mail links are evaluated; recovery codes have a stricter ladder of their own',
      source: 'NIST SP 800-63B-4 §3.2.2',
      provenBy: [
        ...tests(
          'domain/attempt-window.test.ts',
          'doubles after each that was used up, and keeps its length after one that was not',
          'is never longer than a day, and never shorter than the rule says',
        ),
        ...tests(
          'application/attempts.test.ts',
          'wait twice as long after every window that was used up, up to a day',
          'are told to the person at thirty in a row, once, and to nobody where nobody has the address',
          'close the account to strangers at a hundred, whatever they know, and not to familiar networks',
          'stay open to a mailed code, which forgives them',
        ),
        ...tests(
          'application/mailed-codes.test.ts',
          'are told to the person at thirty, and at a hundred close the code to strangers, not to familiar networks',
        ),
        ...tests(
          'application/totp-budget.test.ts',
          'wait twice as long after every window that was used up, up to a day',
          'are told to the person at thirty in a row, once',
          'close the account to strangers, whatever they show, and not to a network that it signed in from',
        ),
        ...tests(
          'domain/attempt-window.test.ts',
          'is locked for an hour by the fifth attempt, from that attempt on',
          'closes with the third lock, for good',
        ),
        ...tests(
          'application/recovery-ladder.test.ts',
          'are five in a quarter of an hour, and then none is evaluated for an hour',
          'are fifteen, and then no time opens it again',
        ),
        ...tests(
          'application/recovery-alarm.test.ts',
          'rings at the fifth wrong code: the person and the owners of their tenants are told, each once, and nobody else',
        ),
      ],
    },
    {
      id: 'TOTP',
      text: '5 wrong per ticket, 10 / 15 min per account, over all surfaces; one step of drift either way; a step once used is used for ever',
      source: 'the policy of this project',
      provenBy: [
        ...tests(
          'application/totp-budget.test.ts',
          'are five with one ticket, however many come at once',
          'are one budget over every surface and both dialects, at once',
        ),
        ...tests('contracts/totp-factors.contract.ts', 'lets one of sixteen spend a step'),
        ...tests(
          'crypto/otplib-totp-authenticator.test.ts',
          'is taken from one step before its own to the end of the one after, and at no other time',
        ),
      ],
    },
    {
      id: 'OTP by mail',
      text: '6 digits, 5 tries each, 10 / 15 min per account; a new one kills the old; 3 mails / 15 min per address, over which no new code is made and the old one lives',
      source: 'the policy of this project',
      provenBy: [
        ...tests(
          'crypto/hmac-secret-issuer.test.ts',
          'makes codes of six digits, leading zeros included, evenly spread',
        ),
        ...tests(
          'application/mailed-codes.test.ts',
          'has five tries: the sixth is refused though it is right',
          'has five tries however many come at once',
          'is guessed at ten times in a quarter of an hour for %s',
          'is not given new tries by a new code: ten stay ten',
          'dies when a new one is made',
          'is mailed three times in a quarter of an hour, and then the last one lives',
        ),
      ],
    },
    {
      id: 'Recovery codes',
      text: 'Ten of the form AAAA-BBBB-CCCC, each spent once; 5 wrong ones in 15 minutes lock recovery for an hour, 15 in a row the account, until it is unlocked: sessions live on, and password with TOTP from a familiar network still signs in; answered the same for unknown addresses',
      source: 'the policy of this project',
      provenBy: [
        ...tests('crypto/argon2-recovery-code-issuer.test.ts', 'makes ten different codes AAAA-BBBB-CCCC'),
        ...tests(
          'application/recovery.test.ts',
          'is spent: refused from then on, however it is typed, while the others go on, down to the last',
          'is what is chosen with it: %s',
        ),
        ...tests(
          'application/recovery-ladder.test.ts',
          'are five in a quarter of an hour, and then none is evaluated for an hour',
          'are fifteen, and then no time opens it again',
          'answers known and unknown addresses and accounts out of use the same at every step of the way',
          'clears what was counted: the window, the locks before it, and the fifteen',
        ),
        ...tests(
          'application/recovery-alarm.test.ts',
          'rings at the fifth wrong code: the person and the owners of their tenants are told, each once, and nobody else',
          'rings at the fifteenth for the owner and the admins of the platform besides, once, and says what is locked',
        ),
        ...tests(
          'application/recovery-lock.test.ts',
          'is closed over %s to the right password, and tells a wrong one nothing',
          'is closed to every recovery code, right or wrong, without an hour at which that would end',
          'is closed to resets over %s: one from before is worth nothing, and none is mailed',
          'keeps its sessions over %s, which are refreshed on',
          'signs in over %s with password and code from a familiar network, which unlocks nothing',
          'does not from %s, with both factors and on either dialect',
        ),
        ...tests(
          'application/recovery-unlock.test.ts',
          'by %s reopens sign-in, recovery and resets, and is recorded',
          'is never locked: recovery alone closes, and sign-in and reset go on',
        ),
      ],
    },
    {
      id: 'Resets',
      text: 'End every session, void recovery codes and pending changes; never bypass TOTP',
      source: 'the policy of this project',
      provenBy: [
        ...tests(
          'application/mailed-links.test.ts',
          'ends every session and voids recovery codes, pending changes and other resets',
        ),
        ...tests('application/mailed-codes.test.ts', 'sets the password, ends every session and tells the person'),
        ...tests(
          'domain/user.test.ts',
          'ends every session and pending change when it is reset, and keeps the rest of a proven account',
        ),
        ...tests('application/totp-login.test.ts', 'keeps the factor of a proven account'),
      ],
    },
    {
      id: 'Client address',
      text: "The socket's; X-Forwarded-For only from trusted proxies (right-most untrusted hop, garbage never skips a check); IPv6 by /64, mapped IPv4 as IPv4; X-Client-Address from a key that may send it",
      source: 'the policy of this project',
      provenBy: [
        ...tests(
          'http/middleware-addresses.test.ts',
          'is the socket’s; what an untrusted peer says of others is not heard',
          'is the right-most hop that is no trusted proxy',
          'never gets past garbage: the proxy that passed it on is the client then',
        ),
        ...tests(
          'security/hostile-requests.test.ts',
          'counts for nothing from a peer that is no trusted proxy: not for limits, rules, sessions or records',
          'counts from a trusted proxy: the right-most hop that is none, and garbage ends the search',
        ),
        ...tests(
          'http/gate-guards.test.ts',
          'deny wins; a non-empty allow admits nothing else',
          'counts by project, category and network: an IPv6 client by its /64',
          'is whose guesses are counted and whose address the rules are asked about',
          'counts the back end when it is not let in, or may not speak for anybody',
        ),
      ],
    },
    {
      id: 'Email',
      text: 'Canonicalised once (trim, lower case, IDNA domain); the canonical form is the key of look-up, limits and uniqueness; ASCII local parts only',
      source: 'the policy of this project',
      provenBy: [
        ...tests(
          'domain/email-address.test.ts',
          'is canonical: case and surrounding space make no difference',
          'parses its own canonical form to itself',
          'refuses %j',
        ),
        ...tests('application/register.test.ts', 'refuses what is no address, and knows one address by any spelling'),
        ...tests('memory/ids-and-names.test.ts', 'gives %s the ASCII form %s'),
      ],
    },
    {
      id: 'Unproven accounts',
      text: 'Whoever proves the mailbox by another way than the one that made the account finds nothing that somebody else put there; an unproven account is swept after 7 days',
      source: 'the policy of this project',
      provenBy: [
        ...tests(
          'application/mailed-codes.test.ts',
          'reclaims it: what a squatter put there is gone, and the address is proven',
        ),
        ...tests(
          'domain/user.test.ts',
          'by another way than the one that made the account leaves nothing that somebody else may have put there',
        ),
        ...tests('application/mailed-links.test.ts', 'removes the unproven account with its tenant, sessions and seat'),
        ...tests(
          'contracts/housekeeping.contract.ts',
          'removes an account that was unproven for seven days, with its seat and the tenants that it owns',
        ),
        ...tests(
          'application/providers-joining.test.ts',
          'is theirs who come over %s, and proven, with nothing of whoever made it',
          'opens to nothing over %s that whoever made it still has',
          'asks for no code of the app of whoever made it, and their tickets are dead',
          'honours no choice of tenants of whoever made it',
          'honours no code and no link that was mailed before',
        ),
        ...tests('application/providers-link.test.ts', 'is refused to an account that was never proven'),
        ...tests(
          'application/providers-wallet.test.ts',
          'is given no address by somebody else: there is no mailbox that could agree',
        ),
      ],
    },
    {
      id: 'Staleness',
      text: 'A revocation, role change or deactivation acts on every replica within 2 s; 30 s when a replica hears no announcement',
      source: 'the policy of this project',
      provenBy: [
        ...tests(
          'application/authenticate.test.ts',
          'acts at once where it is announced',
          'acts after thirty seconds where no announcement comes through',
          'is seen at once by whoever reads the profile, announced or not',
        ),
        ...tests(
          'crypto/jose-token-signer.test.ts',
          'refuses tokens of a removed key at once where it was removed, within 2 s elsewhere, remembered or not',
        ),
        ...tests(
          'application/project-keys.test.ts',
          'opens nothing once it is revoked: here at once, elsewhere within two seconds',
        ),
        ...tests(
          'redis/staleness.test.ts',
          'is refused at the other within two seconds',
          'is refused at the other within thirty seconds when Redis is %s',
          'is refused at the other as soon as Redis is back',
        ),
      ],
    },
    {
      id: 'Bodies',
      text: '64 KiB, depth 32; NUL and lone surrogates refused; a slow body ends after 30 s',
      source: 'the policy of this project',
      provenBy: [
        ...tests('http/v1-authentication.test.ts', 'is told of a body: %s'),
        ...tests(
          'http/middleware-body.test.ts',
          'takes 64 KiB and not a byte more, whether or not a length is declared',
          'takes 32 levels and not one more',
          'refuses NUL and lone surrogates, in values and in names, at any depth',
          'refuses what is not UTF-8',
        ),
        ...tests('http/server.test.ts', 'ends with 408, slow headers and slow bodies alike'),
      ],
    },
    {
      id: 'Dependencies',
      text: 'Every database, Redis, SMTP and provider call has a deadline, and Redis calls never queue offline; a failing dependency means a refusal (503), never a skipped check',
      source: 'the policy of this project',
      provenBy: [
        ...tests(
          'persistence/failures.test.ts',
          'gives up on a statement at its deadline',
          'gives up waiting for a connection when all of them are busy',
          'answers unavailable where nobody listens, to reads and commits, and is not ready',
        ),
        ...tests(
          'notify/smtp-notifier.test.ts',
          'rejects at its deadline when the server never answers, and delivers once it does again',
        ),
        ...tests('crypto/known-password-lists.test.ts', 'makes it `unavailable` by %s'),
        ...tests(
          'security/failing-dependencies.test.ts',
          'what needs it is refused with 503 and Retry-After, and the rest goes on',
          'nothing that is refused otherwise is let through',
        ),
        ...tests(
          'redis/failures.test.ts',
          'gives nobody back what was used up',
          'leaves a window where it stands',
          'keeps no second caller waiting',
          'holds up no announcement',
          'opens no window anew by being flushed',
        ),
        ...tests(
          'redis/cluster-failures.test.ts',
          'gives nobody back what was used up, wherever it is kept, and counts on',
        ),
        ...tests('redis/deadline.test.ts', 'is given up, however much is asked for meanwhile'),
      ],
    },
    {
      id: 'Audit',
      text: 'Written in the transaction of the change; no token is issued for an impersonation whose record could not be written',
      source: 'the policy of this project',
      provenBy: [
        ...tests(
          'contracts/unit-of-work.contract.ts',
          'keeps audit records as they were given, in the commit of the change',
          'leaves nothing of many changes when one of them fails: no row, no seat, no event, no audit record',
        ),
        ...tests(
          'application/traces.test.ts',
          'over the life of an account',
          'or there is neither: a commit that fails records nothing',
        ),
        ...tests(
          'application/impersonation.test.ts',
          'opens no session whose records could not be written',
          'is recorded once, in both trails, when %s: %s',
        ),
        ...tests('application/impersonation-closed.test.ts', 'leaves a trace in both trails where it is not %s'),
      ],
    },
    {
      id: 'Evidence',
      text: 'Whoever has the public keys alone finds what of the audit trail was edited, removed or inserted, under a seal or before it had one; erasing what it tells of a person breaks nothing',
      source: 'the policy of this project',
      provenBy: [
        ...tests(
          'persistence/audit-trail.test.ts',
          'shows which row was edited, whatever of it',
          'shows which row was removed, inserted or moved',
          'shows which seal was edited or removed',
          'seals what somebody else inserted, and names it',
          'names what somebody changed before it was sealed, whatever of it',
          'names a seal that somebody else made, and signs nothing of it',
          'takes what is erased between reading and sealing for what it is',
          'is held up by no moment and no tenant that is none',
        ),
        ...tests(
          'application/verify-audit.test.ts',
          'shows any change of any value',
          'shows any line that is gone, twice there, or elsewhere',
          'is named for good: the seal cannot be rid of the name',
          'cannot be given the attestation of another',
          'counts only when the project signed it, and signed it as a checkpoint',
        ),
        ...tests('cli/audit-verify.test.ts', 'names what the service did not write, and fails'),
      ],
    },
    {
      id: 'Secrets',
      text: 'Shown once; hashes or AES-256-GCM at rest; compared in constant time; never in a log, URL, event, error or metric',
      source: 'the policy of this project',
      provenBy: [
        ...tests('security/configuration.test.ts', 'cannot put a mailbox page or a made-up key before strangers'),
        ...tests(
          'security/secrets.test.ts',
          'never reaches the log, whatever came of the request',
          'is nowhere at rest: not in a row, an event, an audit record or a stored answer',
        ),
        ...tests('http/v1-projects.test.ts', 'are shown once, at their creation'),
        ...tests('security/source.test.ts', 'compares no secret, MAC or digest with ===, only in constant time'),
        ...tests('security/every-route.test.ts', 'has no place for a secret in its address'),
        ...tests('application/traces.test.ts', 'of a recovery are nowhere either, whether it succeeds or not'),
        ...tests('application/webhooks.test.ts', 'shows its secret once, and keeps it sealed'),
        ...tests('http/v1-webhooks.test.ts', 'tells its secret to nobody but whoever makes or rotates it'),
        ...tests('application/events.test.ts', 'tell no address, no name and no secret, whatever happens'),
      ],
    },
    {
      id: 'Headers',
      text: 'Every answer: nosniff, no-referrer; anything with a token, code or secret: no-store; HTML pages: a strict CSP',
      source: 'the policy of this project',
      provenBy: [
        ...tests(
          'security/every-route.test.ts',
          'forbids caching and sniffing, names no referrer and sets no cookie, whatever it answers',
        ),
        ...tests(
          'http/pages.test.ts',
          'is HTML under a strict policy that allows nothing inline and nothing from elsewhere',
        ),
      ],
    },
  ],
};
