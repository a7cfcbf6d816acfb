import { type Section, tests } from '../requirement.ts';

export const HTTP: Section = {
  title: '8 Input, HTTP, output',
  requirements: [
    {
      id: '89',
      text: 'Allow-list validation at the server, of structure and combinations',
      source: 'ASVS 2.2.1–2.2.3',
      provenBy: [
        ...tests('http/v1-violations.test.ts', 'is strict: %j', 'names the field and the kind: %s'),
        ...tests('http/v1-authentication.test.ts', 'names every field that is wrong'),
      ],
    },
    {
      id: '90',
      text: 'Strict types; no juggling; no parameter pollution',
      source: 'ASVS 15.3.5, 15.3.7',
      provenBy: [
        ...tests('http/v1-violations.test.ts', 'is strict: %j', 'is not %j'),
        ...tests('http/v1-projects.test.ts', 'has no limit of %j'),
        ...tests('domain/kernel.test.ts', 'is not %j'),
      ],
    },
    {
      id: '91',
      text: 'No prototype pollution',
      source: 'ASVS 15.3.6',
      provenBy: [
        ...tests('http/middleware-body.test.ts', 'refuses __proto__, however it is spelled'),
        ...tests(
          'security/hostile-requests.test.ts',
          'pollutes no prototype, wherever it comes in',
          'is refused for __proto__, and is plain data otherwise',
        ),
        ...tests('domain/project-settings.test.ts', 'know no names but their own'),
      ],
    },
    {
      id: '92',
      text: 'Parameterised queries; identifiers from allowlists',
      source: 'ASVS 1.2.4; drizzle CVE-2026-39356',
      provenBy: [
        ...tests(
          'security/sql.test.ts',
          'is data: it comes back as it was, and touches nobody else: %s',
          'finds nothing and frees nothing where it stands for a secret or a guess: %s',
          'is no id: the database refuses it, and the refusal is none of an empty answer',
        ),
        ...tests(
          'security/source.test.ts',
          'hands SQL no text of its own making but constants: everything else is a parameter',
        ),
      ],
    },
    {
      id: '93',
      text: 'Regexes without exponential backtracking',
      source: 'ASVS 1.3.12',
      provenBy: [
        ...tests(
          'security/source.test.ts',
          'cannot backtrack without bound',
          'comes to its end on the longest hostile input: %s',
          'would be caught if it backtracked without bound',
        ),
      ],
    },
    {
      id: '94',
      text: 'Mail input sanitised; HTML escaped in mails',
      source: 'ASVS 1.3.11, 1.2.1',
      provenBy: [
        ...tests(
          'notify/render-mail.test.ts',
          'cannot be made to hold a second header line or a tag by a name or an address',
        ),
        ...tests('notify/smtp-notifier.test.ts', 'lets no issuer name add a header or a recipient'),
        ...tests('http/v1-violations.test.ts', 'refuses the name %j'),
      ],
    },
    {
      id: '95',
      text: 'Canonicalise once, before validation',
      source: 'ASVS 1.1.1; Auth.js GHSA-7rqj-j65f-68wh',
      provenBy: [
        ...tests(
          'domain/email-address.test.ts',
          'is canonical: case and surrounding space make no difference',
          'parses its own canonical form to itself',
          'takes anything apart or refuses it, and what it takes is plain ASCII with one domain',
        ),
        ...tests('http/v1-doors.test.ts', 'keep paths and user agents out, by whatever name the path is reached'),
      ],
    },
    {
      id: '96',
      text: 'Only supported methods; TRACE off',
      source: 'ASVS 4.1.4, 13.4.4',
      provenBy: [
        ...tests('http/server.test.ts', 'has no TRACE, and sends headers once'),
        ...tests(
          'security/every-route.test.ts',
          'answers to its own methods alone, and says which they are',
          'gives nothing away to %s',
        ),
      ],
    },
    {
      id: '97',
      text: 'Intermediary headers (X-Forwarded-*, X-Real-IP) cannot be set by users',
      source: 'ASVS 4.1.3, 15.3.4',
      provenBy: [
        ...tests(
          'security/hostile-requests.test.ts',
          'counts for nothing from a peer that is no trusted proxy: not for limits, rules, sessions or records',
          'counts from a trusted proxy: the right-most hop that is none, and garbage ends the search',
        ),
        ...tests('http/gate-guards.test.ts', 'counts the back end when it is not let in, or may not speak for anybody'),
      ],
    },
    {
      id: '98',
      text: 'CORS from an allowlist; no wildcard with sensitive data; Vary: Origin',
      source: 'ASVS 3.4.2',
      provenBy: [
        ...tests('security/configuration.test.ts', 'lets no origin in by a wildcard or a path'),
        ...tests(
          'http/middleware-context.test.ts',
          'lets the listed origins alone read answers, and says that the answer varies',
          'answers the preflight of a listed origin; an API key is not for pages',
          'is silent unless origins are configured',
        ),
        ...tests('http/v1-provider-browser.test.ts', 'is the one call that listed origins may make with credentials'),
      ],
    },
    {
      id: '99',
      text: 'Cookies, if any: __Host-, Secure, HttpOnly, SameSite (there is one, of a sign-in under way)',
      source: 'ASVS 3.3.1–3.3.4',
      provenBy: [
        ...tests(
          'security/every-route.test.ts',
          'forbids caching and sniffing, names no referrer and sets no cookie, whatever it answers',
        ),
        ...tests(
          'http/v1-provider-browser.test.ts',
          'is sent there with a cookie that no script, no other host and no plain connection gets',
          'gives tokens once, and takes the cookie away',
        ),
        ...tests('browser/providers.test.ts', 'goes there and back, links a second provider, and unlinks the first'),
      ],
    },
    {
      id: '100',
      text: 'State-changing calls not reachable without preflight or anti-forgery',
      source: 'ASVS 3.5.1–3.5.3',
      provenBy: [
        ...tests(
          'security/every-route.test.ts',
          'takes a body as JSON alone, which no page of another origin can send without asking',
          'forbids caching and sniffing, names no referrer and sets no cookie, whatever it answers',
        ),
        ...tests('http/pages.test.ts', 'is not spent by opening its page'),
        ...tests(
          'http/v1-provider-browser.test.ts',
          'is for pages that people are sent back to, listed ones, and our own: for no other',
          'cannot be asked for by a form',
          'is nobody with the cookie of another',
        ),
      ],
    },
    {
      id: '101',
      text: 'No secrets in URLs',
      source: 'ASVS 14.2.1',
      provenBy: [
        ...tests('security/every-route.test.ts', 'has no place for a secret in its address'),
        ...tests('notify/render-mail.test.ts', 'carry nothing that a server log would see'),
        ...tests('browser/mail-pages.test.ts', 'send the token to no other place than the API, in a body'),
        ...tests(
          'application/providers-state.test.ts',
          'that is right where a browser is to return brings a code too: tokens do not travel in addresses',
        ),
        ...tests(
          'http/v1-providers.test.ts',
          'comes there with a one-time code, with all that the address had, and with no token',
        ),
        ...tests('browser/providers.test.ts', 'goes there and back, links a second provider, and unlinks the first'),
      ],
    },
    {
      id: '102',
      text: 'No caching of sensitive data',
      source: 'ASVS 14.2.2, 14.3.2',
      provenBy: [
        ...tests(
          'security/every-route.test.ts',
          'forbids caching and sniffing, names no referrer and sets no cookie, whatever it answers',
        ),
      ],
    },
    {
      id: '103',
      text: 'Generic error outside, last-resort handler inside, fail closed',
      source: 'ASVS 16.5.1–16.5.4',
      provenBy: [
        ...tests(
          'http/middleware-context.test.ts',
          'tells of an accident what the operator needs, and the client nothing',
        ),
        ...tests('http/v1-problem.test.ts', 'tells the caller nothing of an accident, and the operator what it was'),
        ...tests(
          'security/secrets.test.ts',
          'tells the log neither parameters of a statement nor members of the error',
        ),
        ...tests('persistence/failures.test.ts', 'says nothing of what was to be written when a statement fails'),
      ],
    },
    {
      id: '104',
      text: 'Problem body: application/problem+json; status equals the HTTP status; type is the identifier',
      source: 'RFC 9457 §3.1',
      provenBy: [
        ...tests('http/v1-authentication.test.ts', 'has the form of RFC 9457'),
        ...tests('http/v1-problem.test.ts', 'has a status, a title and an address: %s'),
        ...tests('http/pages.test.ts', 'is where the type of a problem leads'),
      ],
    },
    {
      id: '105',
      text: 'RateLimit and RateLimit-Policy, Retry-After wins; no counter detail that helps an attacker',
      source: 'draft-ietf-httpapi-ratelimit-headers',
      provenBy: [
        ...tests(
          'http/v1-doors.test.ts',
          'are shown on every answer and refuse what is beyond, per category',
          'show the tighter of address and person',
        ),
        ...tests(
          'http/gate-guards.test.ts',
          'every answer shows the window in the Gate’s syntax; past it 429 with Retry-After',
        ),
        ...tests('http/v1-problem.test.ts', 'says when to come back: %s'),
        ...tests(
          'http/gate.test.ts',
          'answers 429 with Retry-After when the attempts are used up, the same for an unknown address',
        ),
      ],
    },
    {
      id: '106',
      text: 'Anti-automation on costly functions; documented heavy paths and their shedding',
      source: 'ASVS 2.4.1, 15.1.3, 15.2.2',
      provenBy: [
        ...tests(
          'crypto/hash-gate.test.ts',
          'refuses at once with `overloaded` when the queue is full, and takes others again later',
          'keeps the place of whoever has something to do first, and turns others away before they do it',
        ),
        ...tests(
          'crypto/argon2-password-hasher.test.ts',
          'sheds with `overloaded` what the gate has no place for, for hashing and verifying alike',
        ),
        ...tests('http/v1-doors.test.ts', 'count %s at %s'),
        ...tests(
          'http/gate-guards.test.ts',
          'refuses the 61st call of a minute, over all projects, whatever the others came to',
        ),
      ],
    },
  ],
};
