import { type Section, tests } from '../requirement.ts';

export const OPERATIONS: Section = {
  title: '9 Logging and operations',
  requirements: [
    {
      id: '107',
      text: 'All authentication operations, failed authorization and bypass attempts logged with who, what, when (UTC), where',
      source: 'ASVS 16.2.1, 16.2.2, 16.3.1–16.3.3',
      provenBy: [
        ...tests(
          'security/audit.test.ts',
          'has one record of %s: who, what, when and from where',
          'has a record of what the owner of the platform does to projects and keys',
        ),
        ...tests('application/traces.test.ts', 'over the life of an account', 'over a choice of tenants and a switch'),
        ...tests(
          'application/attempts.test.ts',
          'leaves a trace of every failure, with the address and without the password',
        ),
        ...tests(
          'application/projects.test.ts',
          'is nobody but the platform owner, over every use case, and each refusal is recorded',
        ),
        ...tests('application/traces.test.ts', 'over the life of recovery codes, to a lock and out of it'),
        ...tests(
          'application/recovery-unlock.test.ts',
          'is forbidden to everybody else, owners of tenants among them, and that is recorded',
        ),
      ],
    },
    {
      id: '108',
      text: 'Credentials never logged; session tokens only hashed or masked',
      source: 'ASVS 16.2.5',
      provenBy: [
        ...tests(
          'http/middleware-context.test.ts',
          'has one line a request: the pattern of the route, no path, query, token, key or body',
        ),
        ...tests(
          'security/secrets.test.ts',
          'never reaches the log, whatever came of the request',
          'tells the log neither parameters of a statement nor members of the error',
        ),
        ...tests(
          'notify/smtp-notifier.test.ts',
          'rejects what the server refuses with %i, and says no more than the codes',
        ),
        ...tests(
          'application/providers-secrets.test.ts',
          'stands nowhere: in no row, no event, no record, no mail, no answer and no refusal',
        ),
      ],
    },
    {
      id: '109',
      text: 'Log injection impossible',
      source: 'ASVS 16.4.1',
      provenBy: [...tests('security/secrets.test.ts', 'is one JSON object, whatever a caller sends')],
    },
    {
      id: '110',
      text: 'Behaviour on pool exhaustion, timeouts and retry limits documented and followed',
      source: 'ASVS 13.1.2, 13.1.3, 13.2.6',
      provenBy: [
        ...tests(
          'persistence/failures.test.ts',
          'gives up waiting for a connection when all of them are busy',
          'gives up on a statement at its deadline',
          'does not run the work again when the connection dies in the commit: it may have happened',
        ),
        ...tests(
          'relay/outbox-relay.test.ts',
          'tries again later what failed, later each time',
          'buries what always fails, with the reason, and leaves it alone',
        ),
        ...tests(
          'notify/smtp-notifier.test.ts',
          'rejects at its deadline for everybody when more wait than there are connections',
        ),
        ...tests(
          'crypto/hash-gate.test.ts',
          'refuses whoever has waited past the deadline, and gives their place to nobody',
        ),
        ...tests('application/webhook-deliveries.test.ts', 'is given up after ten attempts, within four days'),
        ...tests(
          'relay/webhook-deliverer.test.ts',
          'is held up by nobody who hangs',
          'makes so many attempts at once, and no more',
        ),
      ],
    },
    {
      id: '111',
      text: 'Keeps operating securely when a dependency fails',
      source: 'ASVS 16.5.2',
      provenBy: [
        ...tests(
          'security/failing-dependencies.test.ts',
          'what needs it is refused with 503 and Retry-After, and the rest goes on',
          'nothing that is refused otherwise is let through',
          'refuses them, and every password while nobody can look them up',
        ),
        ...tests('relay/outbox-relay.test.ts', 'brings a mail through a server that refuses, hangs and recovers'),
        ...tests(
          'crypto/jose-token-signer.test.ts',
          'refuses rather than believe keys that it could not look up for 2 s, and recovers',
        ),
        ...tests(
          'persistence/failures.test.ts',
          'answers unavailable where nobody listens, to reads and commits, and is not ready',
        ),
      ],
    },
    {
      id: '112',
      text: 'Idempotent retry: same key and payload → first result; in flight → 409; different payload → 422',
      source: 'draft-ietf-httpapi-idempotency-key',
      provenBy: [
        ...tests(
          'http/v1-idempotency.test.ts',
          'creates once and repeats the answer',
          'creates once of sixteen at once; the others hear that it runs or what came of it',
          'is refused with another body',
        ),
        ...tests('contracts/idempotency-store.contract.ts', 'lets one of sixteen go ahead'),
      ],
    },
  ],
};
