/**
 * The script of the pages that mails lead to. The token comes in the fragment, which reaches no server and no log; it
 * leaves the address bar at once, and is posted only when the button is pressed: whoever merely opens the link (a
 * scanner) spends nothing.
 */
export const MAIL_PAGE_SCRIPT = `'use strict';
(() => {
  const form = document.querySelector('form');
  const button = form.querySelector('button');
  const status = document.querySelector('[role="status"]');
  const secondFactor = document.getElementById('second-factor');
  const given = new URLSearchParams(location.hash.slice(1));
  const token = given.get('token');
  const project = given.get('project');
  history.replaceState(null, '', location.pathname + location.search);
  // Another link, opened where this page still is.
  addEventListener('hashchange', () => location.reload());

  const GONE = 'This link has expired or was already used. Ask for a new one and use the latest mail.';
  const MESSAGES = {
    'token-expired': GONE,
    'token-invalid': GONE,
    'not-found': GONE,
    'rate-limited': 'Too many attempts. Wait a moment, then try again.',
    'overloaded': 'The service is busy. Wait a moment, then try again.',
    'unavailable': 'The service is not available at the moment. Try again shortly.',
    'user-limit-reached': 'This service takes no more accounts at present.',
    'email-already-registered': 'This address belongs to another account by now.',
    'forbidden': 'The service does not accept this from you or from your network. Ask whoever sent the mail.',
    'invalid-credentials': 'This address has an account already, and this is not its password. Use the password of that account; if you have forgotten it, reset it first, then open this link again.',
    'mfa-required': 'Enter the code that your authenticator app shows.',
    'mfa-invalid': 'The code is wrong, or was used before. Wait for the next one of your authenticator app.',
    'already-member': 'You have joined already. Sign in.',
    'account-locked': 'This account is locked. Ask whoever runs the service for help.',
  };
  const FINAL = new Set(['token-expired', 'token-invalid', 'not-found', 'email-already-registered', 'already-member']);
  const FIELDS = { firstName: 'first name', lastName: 'last name', mfaCode: 'code' };

  const show = (outcome, message) => {
    status.dataset.outcome = outcome;
    status.textContent = message;
  };
  const finish = (outcome, message) => {
    form.hidden = true;
    show(outcome, message);
    status.focus();
  };

  if (!token) {
    finish('bad', 'This link is incomplete. Open it from the mail once more, whole.');
    return;
  }

  const askForCode = () => {
    const code = secondFactor.querySelector('input');
    secondFactor.hidden = false;
    code.required = true;
    code.value = '';
    code.focus();
  };

  const complain = (problem) => {
    const slug = String(problem.type || '').split('/').pop();
    const reasons = (problem.errors || []).map(
      (error) => 'The ' + (FIELDS[error.field] || 'password') + ' ' + error.message + '.',
    );
    const message = MESSAGES[slug] || reasons.join('\\n') || problem.detail || 'That did not work. Try again.';
    if (FINAL.has(slug)) finish('bad', message);
    else show('bad', message);
    if (secondFactor && slug.startsWith('mfa-')) askForCode();
  };

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''));
    const headers = { 'Content-Type': 'application/json' };
    if (project) headers['X-Project-Id'] = project;
    button.disabled = true;
    show('', 'One moment…');
    try {
      const answer = await fetch(form.dataset.endpoint, {
        method: 'POST',
        headers,
        body: JSON.stringify({ ...fields, token }),
        credentials: 'omit',
      });
      const said = await answer.json().catch(() => ({}));
      if (answer.ok) finish('good', said.pendingEmail ? form.dataset.pending : form.dataset.done);
      else complain(said);
    } catch {
      show('bad', 'The service cannot be reached. Check your connection, then try again.');
    } finally {
      button.disabled = false;
    }
  });
  button.disabled = false;
})();
`;
