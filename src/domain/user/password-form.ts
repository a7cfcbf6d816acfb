import type { PasswordHash } from './user.ts';

/**
 * What it costs to check a password against such a hash: how it was made, with which parameters. Everything that comes
 * before the salt, which for argon2 is one field more.
 */
export function passwordForm(hash: PasswordHash): string {
  const [, name, parameters = '', more = ''] = hash.split('$');
  return parameters.startsWith('v=') ? `${name}$${parameters}$${more}` : `${name}$${parameters}`;
}
