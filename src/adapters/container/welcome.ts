import type { Config } from '../config/config.ts';
import type { FirstStart } from './first-start.ts';
import { whereabouts } from './owner-password.ts';

/** What the terminal says once the service answers. */
export function welcome(config: Config, first: FirstStart | undefined): string {
  const { publicUrl } = config;
  const lines = ['', `Castellan is ready: ${publicUrl}`, `  API documentation   ${publicUrl}/docs`];
  if (config.mail.kind === 'mailbox') lines.push(`  Mailbox             ${publicUrl}/dev/mailbox`);
  if (config.database.kind === 'embedded') {
    lines.push(
      `  Database            embedded, in ${config.database.dataDir} (for evaluation; DATABASE_URL for keeps)`,
    );
  }
  return `${lines.join('\n')}\n${first === undefined ? '\n' : newcomersNeeds(config, first)}`;
}

/** What is shown this once: also where something else is wrong with the start. */
export function newcomersNeeds({ publicUrl }: Pick<Config, 'publicUrl'>, { owner, demo }: FirstStart): string {
  return `${[...ownerLines(owner), ...demoLines(publicUrl, demo)].join('\n')}\n\n`;
}

function ownerLines({ email, password }: FirstStart['owner']): string[] {
  return ['', 'Platform owner', `  Email               ${email}`, `  Password            ${whereabouts(password)}`];
}

function demoLines(publicUrl: string, demo: FirstStart['demo']): string[] {
  if (demo === undefined) return [];
  const { projectId, apiKey } = demo;
  return [
    '',
    'Demo project (its key is shown this once)',
    `  Project             ${projectId}`,
    `  API key             ${apiKey}`,
    '',
    'Register somebody:',
    '',
    `curl -sS ${publicUrl}/api/v1/gate/${projectId}/auth/register -H 'X-API-Key: ${apiKey}' \\`,
    `  -H 'Content-Type: application/json' -d '{"email":"ada@example.com","password":"a long way to say hello"}'`,
    '',
    'The code that proves the address is in the mailbox. The README goes on from here.',
  ];
}
