import { html } from 'hono/html';

export const NEW_PASSWORD = html`<label for="new-password">New password</label>
<input id="new-password" name="newPassword" type="password" autocomplete="new-password" required maxlength="256"
 aria-describedby="new-password-hint">
<p class="quiet" id="new-password-hint">A long phrase that you use nowhere else. Spaces and every alphabet are fine.</p>
`;

/** Whether the address has an account is nobody's business before the password is right: one form for both. */
export const NEW_MEMBER = html`<label for="first-name">First name <span class="quiet">(optional)</span></label>
<input id="first-name" name="firstName" autocomplete="given-name" maxlength="128">
<label for="last-name">Last name <span class="quiet">(optional)</span></label>
<input id="last-name" name="lastName" autocomplete="family-name" maxlength="128">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required maxlength="256"
 aria-describedby="password-hint">
<p class="quiet" id="password-hint">If this address has an account here already: the password of that account.
Otherwise a new one: a long phrase that you use nowhere else.</p>
<div id="second-factor" hidden>
<label for="mfa-code">Code of your authenticator app</label>
<input id="mfa-code" name="mfaCode" inputmode="numeric" autocomplete="one-time-code" maxlength="16">
</div>
`;
