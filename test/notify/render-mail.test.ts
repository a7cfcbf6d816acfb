import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderMail } from '../../src/adapters/notify/render-mail.ts';
import type { ProjectId } from '../../src/domain/project/project.ts';
import type { EmailAddress } from '../../src/domain/user/email-address.ts';
import type { Mail, MailMessage } from '../../src/ports/notifier.ts';
import { anId } from '../support/builders.ts';

const PUBLIC_URL = 'https://id.example.test/base';

const MESSAGES: { readonly [Kind in MailMessage['kind']]: Extract<MailMessage, { readonly kind: Kind }> } = {
  'verify-email-otp': { kind: 'verify-email-otp', otp: '012345', minutes: 10 },
  'verify-email-link': { kind: 'verify-email-link', token: 'tok-en_1', disownToken: 'disown-1' },
  'reset-password-otp': { kind: 'reset-password-otp', otp: '543210', minutes: 15 },
  'reset-password-link': { kind: 'reset-password-link', token: 'tok-en_1' },
  'email-change-link': { kind: 'email-change-link', token: 'tok-en_1' },
  'email-change-notice': { kind: 'email-change-notice', newEmail: 'new@example.test' },
  'email-change-consent': { kind: 'email-change-consent', newEmail: 'new@example.test', token: 'tok-en_1' },
  'email-changed': { kind: 'email-changed', newEmail: 'new@example.test' },
  'password-changed': { kind: 'password-changed' },
  'mfa-setup-started': { kind: 'mfa-setup-started' },
  'mfa-enabled': { kind: 'mfa-enabled' },
  'mfa-disabled': { kind: 'mfa-disabled' },
  'provider-linked': { kind: 'provider-linked', provider: 'Example' },
  'provider-unlinked': { kind: 'provider-unlinked', provider: 'Example' },
  'session-stolen': { kind: 'session-stolen' },
  'recovery-codes-regenerated': { kind: 'recovery-codes-regenerated' },
  'account-recovered': { kind: 'account-recovered', codesRemaining: 7 },
  'recovery-locked': { kind: 'recovery-locked', account: 'bob@example.test' },
  'recovery-closed': {
    kind: 'recovery-closed',
    accountId: '01910000-0000-7000-8000-000000000001',
    inPlatform: true,
    account: 'bob@example.test',
    project: 'Observatory',
    accountProjectId: '01910000-0000-7000-8000-000000000002',
    accountLocked: true,
  },
  invitation: { kind: 'invitation', token: 'tok-en_1', tenant: 'Observatory', invitedBy: 'Ada Lovelace' },
  'transfer-offered': {
    kind: 'transfer-offered',
    tenant: 'Observatory',
    newOwner: 'Carol Shaw',
    toNewOwner: true,
  },
  'transfer-accepted': { kind: 'transfer-accepted', tenant: 'Observatory', newOwner: 'Carol Shaw' },
  'transfer-cancelled': { kind: 'transfer-cancelled', tenant: 'Observatory' },
  'sign-in-attempts': { kind: 'sign-in-attempts', failures: 30 },
};

const rendered = (message: MailMessage, given: Partial<Mail> = {}) =>
  renderMail(
    { to: 'ada@example.test' as EmailAddress, issuerName: 'Acme', projectId: undefined, message, ...given },
    PUBLIC_URL,
  );

describe('every mail', () => {
  it.each(Object.values(MESSAGES))('$kind has a subject, text and HTML that name the issuer', async (message) => {
    const { subject, text, html } = await rendered(message);
    expect(subject).toContain('Acme');
    expect(subject.length).toBeLessThan(70);
    for (const body of [text, html]) expect(body).toContain('Acme');
    expect(html).toMatch(/^<!doctype html>/);
  });

  it.each(Object.values(MESSAGES))('$kind loads nothing and runs nothing', async (message) => {
    const { html } = await rendered(message);
    expect(html).not.toMatch(/<(?:img|script|link|iframe|form)\b|\bsrc=|url\(|\bon\w+=/i);
  });

  it.each(Object.values(MESSAGES))('$kind keeps its codes and tokens out of the subject', async (message) => {
    const { subject } = await rendered(message);
    for (const secret of ['012345', '543210', 'tok-en_1', 'disown-1']) expect(subject).not.toContain(secret);
  });

  it('cannot be made to hold a second header line or a tag by a name or an address', async () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'Evil\r\nBcc: all@example.test',
        '<script>alert(1)</script>',
        '"><img src=x>',
        'a\u2028b',
        '\u202egnp.exe',
      ),
    );
    await fc.assert(
      fc.asyncProperty(hostile, fc.constantFrom(...Object.values(MESSAGES)), async (words, message) => {
        const names = ['newEmail', 'account', 'project', 'tenant', 'invitedBy', 'newOwner', 'provider'];
        const given = names.map((name) => [name, words] as const);
        const told = { ...message, ...Object.fromEntries(given.filter(([member]) => member in message)) };
        const { subject, html, text } = await rendered(told, { issuerName: words });
        expect(subject).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
        expect(text).not.toMatch(/[\r\u2028\u2029\u202a-\u202e]/u);
        const tags = [...html.matchAll(/<\/?([a-z]+)/gi)].map(([, tag]) => tag?.toLowerCase());
        expect(tags.filter((tag) => !['html', 'head', 'meta', 'title', 'body', 'p', 'a'].includes(tag ?? ''))).toEqual(
          [],
        );
      }),
    );
  });
});

describe('mails about the authenticator app', () => {
  it.each(['mfa-setup-started', 'mfa-enabled', 'mfa-disabled'] as const)(
    '%s says what to do when it was somebody else',
    async (kind) => {
      expect((await rendered(MESSAGES[kind])).text).toMatch(
        /If this was not you, please (?:change|reset) your password/,
      );
    },
  );
});

describe('mails about recovery codes', () => {
  it.each(['recovery-codes-regenerated', 'account-recovered'] as const)(
    '%s says that a reset of the password ends what somebody else began',
    async (kind) => {
      expect((await rendered(MESSAGES[kind])).text).toMatch(
        /If this was not you, please reset your password now: that ends every session/,
      );
    },
  );

  it('say how many codes are left after one was used, and what to do after the last', async () => {
    const { text, html } = await rendered(MESSAGES['account-recovered']);
    for (const body of [text, html]) expect(body).toContain('left: 7.');
    const last = await rendered({ kind: 'account-recovered', codesRemaining: 0 });
    for (const body of [last.text, last.html]) expect(body).toContain('please make new recovery codes');
  });

  it('name the account whose recovery is closed, and when it opens again', async () => {
    const { text, html } = await rendered(MESSAGES['recovery-locked']);
    for (const body of [text, html]) {
      expect(body).toContain('bob@example.test');
      expect(body).toContain('For an hour');
      expect(body).toContain('Signing in works as before');
    }
  });

  it.each([
    [true, 'is locked', 'The account is locked now'],
    [false, 'is closed', 'Signing in works as before'],
  ])('name account and project that wait for an unlock, and who unlocks how; locked: %s', async (...given) => {
    const [accountLocked, title, state] = given;
    const { subject, text, html } = await rendered({ ...MESSAGES['recovery-closed'], accountLocked });
    expect(subject).toContain(title);
    for (const body of [text, html]) {
      expect(body).toContain('bob@example.test');
      expect(body).toContain('Observatory');
      expect(body).toContain(state);
      expect(body).toContain('If this was not you');
    }
    const { accountId } = MESSAGES['recovery-closed'];
    expect(text).toContain(`npx castellan user unlock ${accountId}\n`);
    expect(text).toContain(`PATCH /api/v1/users/${accountId} {"status":"active"}`);
    expect(html).toContain(`PATCH /api/v1/users/${accountId} {&quot;status&quot;:&quot;active&quot;}`);
  });

  it('name no API for people of another project, who are out of its reach', async () => {
    const { text } = await rendered({ ...MESSAGES['recovery-closed'], inPlatform: false });
    const { accountId, accountProjectId } = MESSAGES['recovery-closed'];
    expect(text).toContain(`npx castellan user unlock ${accountId} --project ${accountProjectId}\n`);
    expect(text).not.toContain('PATCH');
  });
});

describe('mails about tenants', () => {
  const bodies = async (message: MailMessage) => {
    const { subject, text, html } = await rendered(message);
    expect(subject).not.toMatch(/Observatory|Ada Lovelace|Carol Shaw/);
    return [text, html];
  };

  it('say who invites whom to what, for how long, and that nothing has to be done', async () => {
    for (const body of await bodies(MESSAGES.invitation)) {
      expect(body).toContain('“Ada Lovelace” invites you to join “Observatory” on Acme.');
      expect(body).toContain('72 hours');
      expect(body).toContain('you can ignore this mail');
    }
  });

  it.each([
    [true, 'wants to hand it over to you', 'decline, or do nothing'],
    [false, 'to “Carol Shaw”', 'take the offer back and change your password'],
  ])('tell both of an offer, each what they can do; the new owner: %s', async (toNewOwner, what, next) => {
    for (const body of await bodies({ ...MESSAGES['transfer-offered'], toNewOwner })) {
      for (const words of ['“Observatory”', '72 hours', what, next]) expect(body).toContain(words);
    }
  });

  it('say what became of an offer', async () => {
    for (const body of await bodies(MESSAGES['transfer-accepted'])) {
      expect(body).toContain('“Observatory” on Acme belongs to “Carol Shaw” now');
    }
    for (const body of await bodies(MESSAGES['transfer-cancelled'])) expect(body).toContain('Nothing has changed');
  });
});

describe('a mail that asks the old mailbox', () => {
  it('says what agreeing does, and that silence refuses', async () => {
    const { text, html } = await rendered(MESSAGES['email-change-consent']);
    for (const body of [text, html]) {
      expect(body).toContain('new@example.test');
      expect(body).toContain('this one would not any more');
      expect(body).toContain('If you do not agree, you can ignore this mail: nothing changes.');
    }
  });
});

describe('codes', () => {
  it.each(['verify-email-otp', 'reset-password-otp'] as const)(
    '%s shows its code on a line of its own',
    async (kind) => {
      const message = MESSAGES[kind];
      const { text, html, links } = await rendered(message);
      expect(text.split('\n')).toContain(message.otp);
      expect(text).toContain(`${message.minutes} minutes`);
      expect(html).toContain(`>${message.otp}<`);
      expect(links).toEqual([]);
    },
  );
});

describe('links', () => {
  it.each([
    ['verify-email-link', [`${PUBLIC_URL}/verify-email#token=tok-en_1`, `${PUBLIC_URL}/disown#token=disown-1`]],
    ['reset-password-link', [`${PUBLIC_URL}/reset-password#token=tok-en_1`]],
    ['email-change-link', [`${PUBLIC_URL}/verify-email#token=tok-en_1`]],
    ['email-change-consent', [`${PUBLIC_URL}/verify-email#token=tok-en_1`]],
    ['invitation', [`${PUBLIC_URL}/accept-invitation#token=tok-en_1`]],
  ] as const)('of %s lead to our pages, the token in the fragment', async (kind, expected) => {
    const { links, text, html } = await rendered(MESSAGES[kind]);
    expect(links).toEqual(expected);
    for (const link of links) {
      expect(text.split('\n')).toContain(link);
      expect(html).toContain(`href="${link}"`);
    }
  });

  it('name the project, unless it is the platform’s, so that the page knows whom to ask', async () => {
    const projectId = anId<ProjectId>();
    const { links, html } = await rendered(MESSAGES['verify-email-link'], { projectId });
    expect(links).toEqual([
      `${PUBLIC_URL}/verify-email#token=tok-en_1&project=${projectId}`,
      `${PUBLIC_URL}/disown#token=disown-1&project=${projectId}`,
    ]);
    expect(html).toContain(`#token=tok-en_1&amp;project=${projectId}`);
  });

  it('carry nothing that a server log would see', async () => {
    for (const message of Object.values(MESSAGES)) {
      const { links } = await rendered(message, { projectId: anId<ProjectId>() });
      for (const link of links) expect(new URL(link)).toMatchObject({ origin: 'https://id.example.test', search: '' });
    }
  });
});
