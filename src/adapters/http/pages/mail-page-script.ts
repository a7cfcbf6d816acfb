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
    'forbidden': 'The service does not accept requests from your network.',
    'account-locked': 'This account is locked. Ask whoever runs the service for help.',
  };
  const FINAL = new Set(['token-expired', 'token-invalid', 'not-found', 'email-already-registered']);

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

  const complain = async (answer) => {
    const problem = await answer.json().catch(() => ({}));
    const slug = String(problem.type || '').split('/').pop();
    const reasons = (problem.errors || []).map((error) => 'The password ' + error.message + '.');
    const message = MESSAGES[slug] || reasons.join('\\n') || problem.detail || 'That did not work. Try again.';
    if (FINAL.has(slug)) finish('bad', message);
    else show('bad', message);
  };

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form));
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
      if (answer.ok) finish('good', form.dataset.done);
      else await complain(answer);
    } catch {
      show('bad', 'The service cannot be reached. Check your connection, then try again.');
    } finally {
      button.disabled = false;
    }
  });
  button.disabled = false;
})();
`;
