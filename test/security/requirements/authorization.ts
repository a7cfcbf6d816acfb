import { type Section, tests } from '../requirement.ts';

export const AUTHORIZATION: Section = {
  title: '7 Authorization and tenants',
  requirements: [
    {
      id: '79',
      text: 'Function-, object- and field-level checks, deny by default, at the server',
      source: 'ASVS 8.2.1–8.2.3, 8.3.1',
      provenBy: [
        ...tests('security/every-route.test.ts', 'refuses whoever lacks the credentials that it asks for'),
        ...tests(
          'application/projects.test.ts',
          'is nobody but the platform owner, over every use case, and each refusal is recorded',
        ),
        ...tests('http/v1-projects.test.ts', 'are nobody’s business but the platform owner’s'),
        ...tests(
          'domain/effective-permissions.test.ts',
          'allow nothing to nobody',
          'allow platform-only names to the owner of the platform alone',
        ),
        ...tests('application/sessions.test.ts', "are nobody else's business"),
        ...tests(
          'application/roles.test.ts',
          'lets nobody compose, change, delete or assign what they do not all hold',
          'refuses whoever lacks roles.create, and records it',
        ),
        ...tests(
          'application/people.test.ts',
          'keeps an admin away from somebody who holds what the admin lacks, in whatever tenant',
        ),
        ...tests('isolation/caller-matrix.test.ts', 'is said of every operation of v1'),
      ],
    },
    {
      id: '80',
      text: 'Operations never touch a tenant the caller may not act in; tenant from the verified token, never from header or body; composite keys',
      source: 'ASVS 8.4.1; Multi-Tenant CS §1, §3',
      provenBy: [
        ...tests(
          'contracts/scope-isolation.contract.ts',
          'finds nothing through a repository of another project',
          'finds nothing through a directory of another project',
          'finds no membership and no role of another tenant of the same project',
        ),
        ...tests('contracts/repositories.contract.ts', 'makes a membership across projects impossible'),
        ...tests('persistence/migrations.test.ts', 'leads every key and index of a pool with the project'),
        ...tests('http/v1-doors.test.ts', 'names the project of a public route; a bearer carries its own'),
        ...tests('application/landing.test.ts', "is not-found for somebody else's tenant, like for none"),
        ...tests(
          'application/people.test.ts',
          'keeps everybody away from people of other tenants',
          'of another tenant are no roles here',
        ),
        ...tests('isolation/two-worlds.test.ts', 'another answers its owner as if it had done nothing'),
      ],
    },
    {
      id: '81',
      text: 'Authorization changes apply immediately (or the lag is bounded and documented)',
      source: 'ASVS 8.3.2',
      provenBy: [
        ...tests(
          'application/authenticate.test.ts',
          'follows when the membership is gone, and a change of roles is seen',
          'acts after thirty seconds where no announcement comes through',
        ),
        ...tests('application/roles.test.ts', 'acts on running sessions as soon as a role changes'),
      ],
    },
    {
      id: '82',
      text: 'Mass assignment impossible: allowed fields per action',
      source: 'ASVS 15.3.3',
      provenBy: [
        ...tests('http/v1-account.test.ts', 'does not touch what is not the person’s to change'),
        ...tests(
          'http/v1-authentication.test.ts',
          'answers with a pair, the user, a tenant named after the organisation, and ten recovery codes',
        ),
        ...tests('domain/project-settings.test.ts', 'know no names but their own'),
        ...tests('http/v1-violations.test.ts', 'drops what is no setting'),
      ],
    },
    {
      id: '83',
      text: 'Only required fields returned',
      source: 'ASVS 15.3.1, 14.2.6',
      provenBy: [
        ...tests(
          'application/register.test.ts',
          'keeps names, phone and metadata, and shows neither hash nor bookkeeping',
        ),
        ...tests('http/v1-account.test.ts', 'are listed without any secret, and the present one is marked'),
        ...tests('http/v1-projects.test.ts', 'are shown by their public half'),
      ],
    },
    {
      id: '84',
      text: 'Check and act in one atomic step',
      source: 'ASVS 15.4.2, 2.3.3, 2.3.4',
      provenBy: [
        ...tests(
          'contracts/unit-of-work.contract.ts',
          'fails like a lost race when a guarded aggregate was saved since it was read',
          'runs the work again on fresh state when somebody else was first',
        ),
        ...tests(
          'application/login.test.ts',
          'refuses a password that was changed between the check and the commit',
          'refuses an account that was disabled between the check and the commit',
        ),
        ...tests('application/recovery.test.ts', 'opens nothing %s, and leaves a trace where it was spent'),
        ...tests('application/recovery-codes.test.ts', 'are not made where the %s in the same moment'),
        ...tests(
          'application/recovery-ladder.test.ts',
          'locks nobody who was in while the fifteenth wrong one was being looked at',
        ),
        ...tests('application/invitations.test.ts', 'hands out what they hold when it is accepted, not what they held'),
        ...tests('application/key-actor.test.ts', 'commits nothing with a key that was revoked a moment ago'),
        ...tests('isolation/demotion.test.ts', 'is granted wholly before, or refused'),
        ...tests('isolation/modules.test.ts', 'hold none that is registered no more'),
        ...tests(
          'application/providers-unlink.test.ts',
          'leaves one way in when the other is given up between the look and the commit, round after round',
        ),
        ...tests(
          'application/providers-exchange.test.ts',
          'opens nothing to an account whose sessions end while it is exchanged',
        ),
      ],
    },
    {
      id: '85',
      text: 'Locks ordered, no endless retry',
      source: 'ASVS 15.4.3',
      provenBy: [
        ...tests(
          'contracts/unit-of-work.contract.ts',
          'gives up with conflict when the work lost again after three more runs',
        ),
        ...tests(
          'contracts/users-and-seats.contract.ts',
          'loses no update of sixteen at once: each is applied, or refused with conflict',
        ),
      ],
    },
    {
      id: '86',
      text: 'Business limits enforced under concurrency',
      source: 'ASVS 2.3.2',
      provenBy: [
        ...tests(
          'application/register.test.ts',
          'keeps the user limit to the head under sixteen at once',
          'counts unproven accounts not at all, and looks again when they are proven',
        ),
        ...tests(
          'contracts/users-and-seats.contract.ts',
          'gives exactly as many seats as there are, of sixteen takers at once',
        ),
        ...tests(
          'application/roles.test.ts',
          'holds at most five hundred in a tenant and a thousand permissions in a role',
        ),
        ...tests('application/people.test.ts', 'are fifty at most, also when many are given at once'),
        ...tests(
          'isolation/limits.test.ts',
          'thirty roles are made at once where there is room for one: one of them',
          'twenty roles are given at once to somebody who may have one more: one of them',
        ),
        ...tests('application/webhooks.test.ts', 'is one of twenty at most, however many are created at once'),
      ],
    },
    {
      id: '87',
      text: 'Re-authentication before highly sensitive operations',
      source: 'ASVS 7.5.3',
      provenBy: [
        ...tests('http/v1-projects.test.ts', 'want a fresh authentication to be changed'),
        ...tests('application/projects.test.ts', 'shows a recent authentication for every change, and none for a look'),
        ...tests('application/sessions.test.ts', 'is not overruled by what another process remembers'),
        ...tests(
          'application/recovery-codes.test.ts',
          'take an authentication of the last five minutes, and a refresh is none',
        ),
        ...tests(
          'application/providers-reauthentication.test.ts',
          'shows themselves at their provider again, which opens sensitive operations for a while',
          'has to show something there: being signed in there still is not enough',
          'shows that, and no provider in its place',
        ),
      ],
    },
    {
      id: '88',
      text: 'Service credentials are individual, short-lived or rotatable, least privilege',
      source: 'ASVS 13.2.1, 13.2.2',
      provenBy: [
        ...tests(
          'application/project-keys.test.ts',
          'opens no other project, and nothing else opens this one: one answer for all',
          'expires at its time',
          'opens nothing once it is revoked: here at once, elsewhere within two seconds',
        ),
        ...tests('http/gate-guards.test.ts', 'of the project, but without `auth`: 403'),
        ...tests(
          'http/v1-doors.test.ts',
          'is told apart: a live one is forbidden, one that administers or is unknown is no token',
        ),
      ],
    },
  ],
};
